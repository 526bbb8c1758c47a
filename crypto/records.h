// The signed records of protocol section 5: keys that clients rely on. Open
// verifies the signature before it parses.
#ifndef FRANK_CRYPTO_RECORDS_H_
#define FRANK_CRYPTO_RECORDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/ids.h"
#include "crypto/franking_window.h"
#include "crypto/hash.h"
#include "crypto/hpke.h"
#include "crypto/signature.h"

namespace frank::crypto {

// A record's exact bytes and their signature, as they travel and are stored.
struct SignedRecord {
  Bytes record;
  Signature signature{};
};

// u64(not_before) || u64(not_after) || u16(kem) || u16(kdf) || u16(aead)
//   || vec(public_key)                           signed "FrankReviewKeyTBS"
struct ReviewKeyRecord {
  UnixMillis not_before;
  UnixMillis not_after;
  HpkePublicKey public_key;
};
Bytes Serialize(const ReviewKeyRecord& record);
// kInvalidArgument also on another suite and on not_before >= not_after.
absl::StatusOr<ReviewKeyRecord> ParseReviewKeyRecord(ByteSpan bytes);
absl::StatusOr<SignedRecord> Sign(const ReviewKeyRecord& record,
                                  const Ed25519PrivateKey& moderation);
// kInvalidArgument, kUnauthenticated; kFailedPrecondition unless not_before <=
// now < not_after.
absl::StatusOr<ReviewKeyRecord> OpenReviewKeyRecord(
    ByteSpan record, ByteSpan signature, const Ed25519PublicKey& moderation,
    UnixMillis now);
// Returns the first 8 bytes of SHA-256(ReviewKeyRecord).
ReviewKeyId ReviewKeyIdOf(ByteSpan record);

// vec(authority) || u16(count) || count × (u64(not_before) || u64(not_after)
//   || u8(form) || vec(franking_public_key))          signed "FrankRingTBS"
// Windows are sorted and do not overlap; there is at least one.
struct FrankingKeys {
  std::string authority;
  std::vector<FrankingWindow> windows;

  // Returns the window that holds `time` or null.
  const FrankingWindow* FindWindow(UnixMillis time) const;
};
// Serializes keys that keep the rules; Sign answers kInvalidArgument otherwise.
Bytes Serialize(const FrankingKeys& keys);
absl::StatusOr<FrankingKeys> ParseFrankingKeys(ByteSpan bytes);
absl::StatusOr<SignedRecord> Sign(const FrankingKeys& keys,
                                  const Ed25519PrivateKey& moderation);
// Opens the keys of `authority`. `previous` are those that the client has, null
// at first: each of their windows that has not ended at `now` must be there
// unchanged. kInvalidArgument (another authority included), kUnauthenticated;
// kFailedPrecondition when a window is missing or changed, which is shown.
absl::StatusOr<FrankingKeys> OpenFrankingKeys(
    absl::string_view authority, ByteSpan record, ByteSpan signature,
    const Ed25519PublicKey& moderation, const FrankingKeys* previous,
    UnixMillis now);

// vec(account_uri) || u64(version) || u16(count) || count × (device_id[16]
//   || u16(kem) || u16(kdf) || u16(aead) || vec(public_key))
//                                           signed "FrankDeviceListTBS"
struct ListedDevice {
  DeviceId id;
  HpkePublicKey public_key;
};
struct DeviceList {
  std::string account_uri;
  uint64_t version = 0;
  std::vector<ListedDevice> devices;  // of our suite: others are skipped

  // Return the device or null.
  const ListedDevice* Find(const DeviceId& id) const;
  const ListedDevice* FindKey(const KeyId& key_id) const;
};
Bytes Serialize(const DeviceList& list);
// kInvalidArgument also when a device_id occurs twice.
absl::StatusOr<DeviceList> ParseDeviceList(ByteSpan bytes);
absl::StatusOr<SignedRecord> Sign(const DeviceList& list,
                                  const Ed25519PrivateKey& identity);

// What was last seen of an account's lists. Without a digest any list of the
// same version passes.
struct SeenDeviceList {
  uint64_t version = 0;
  absl::optional<Sha256Digest> digest;  // SHA-256 of the record
};
// Opens the list of `account_uri`. kInvalidArgument (another account included),
// kUnauthenticated; kFailedPrecondition on a version lower than seen, or the
// same with other bytes.
absl::StatusOr<DeviceList> OpenDeviceList(absl::string_view account_uri,
                                          ByteSpan record, ByteSpan signature,
                                          const Ed25519PublicKey& identity,
                                          const SeenDeviceList& seen);

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_RECORDS_H_

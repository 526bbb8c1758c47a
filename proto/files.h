// Files: configuration and keys as protobuf text, and the rules for those that
// hold secrets.
#ifndef FRANK_PROTO_FILES_H_
#define FRANK_PROTO_FILES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/bytes.h"
#include "crypto/key_ring.h"
#include "crypto/records.h"
#include "crypto/secret.h"
#include "frank/config/v1/config.pb.h"

namespace frank::wire {

// Reads a whole file that is not larger than that. kNotFound if there is none;
// kFailedPrecondition names the file and what is wrong.
inline constexpr size_t kMaxFileBytes = 16u << 20;
absl::StatusOr<std::string> ReadFile(const std::string& path,
                                     size_t max_bytes = kMaxFileBytes);

// Reads a file that only its owner may read or write (mode 0600 or 0400, and
// the owner is this process's user). Errors as ReadFile.
absl::StatusOr<crypto::Secret> ReadSecretFile(const std::string& path);

// Writes a file that others can read, or one with mode 0600. The file appears
// whole or not at all, and is synced. kAlreadyExists when there is one already
// and `replace` is false; kInternal when the system cannot.
enum class FileMode { kPublic, kSecret };
absl::Status WriteFile(const std::string& path, absl::string_view contents,
                       FileMode mode, bool replace = false);

// Parses protobuf text; an error names the path, line and column, never the
// text.
absl::Status ParseTextProto(const std::string& path, absl::string_view text,
                            google::protobuf::Message* out);
std::string PrintTextProto(const google::protobuf::Message& message);

template <typename Message>
absl::StatusOr<Message> ReadTextProto(const std::string& path) {
  absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return text.status();
  Message message;
  absl::Status parsed = ParseTextProto(path, *text, &message);
  if (!parsed.ok()) return parsed;
  return message;
}
template <typename Message>
absl::StatusOr<Message> ReadSecretTextProto(const std::string& path) {
  absl::StatusOr<crypto::Secret> text = ReadSecretFile(path);
  if (!text.ok()) return text.status();
  Message message;
  absl::Status parsed = ParseTextProto(path, AsText(text->bytes()), &message);
  if (!parsed.ok()) return parsed;
  return message;
}

// Key files. Each error names the file, the field and the rule.

// A key ring; the platform's must hold private keys, moderation's must not.
enum class RingHolder { kPlatform, kModeration };
absl::StatusOr<crypto::KeyRing> LoadKeyRing(const std::string& path,
                                            RingHolder holder);

// Several rings, no authority twice.
absl::StatusOr<crypto::KeyRings> LoadKeyRings(
    const std::vector<std::string>& paths, RingHolder holder);

// A review private key with its record; none once the key was destroyed.
struct ReviewKey {
  absl::optional<crypto::HpkePrivateKey> private_key;
  crypto::ReviewKeyRecord record;
  Bytes record_bytes;
  ReviewKeyId id;
};
absl::StatusOr<ReviewKey> LoadReviewKey(const std::string& path);

// A signed record, as bytes; the caller opens it with the identity key.
absl::StatusOr<crypto::SignedRecord> LoadSignedRecord(const std::string& path);

// A secret of the stated purpose and size in bytes, or a public key.
absl::StatusOr<crypto::Secret> LoadSecretKey(const std::string& path,
                                             absl::string_view purpose,
                                             size_t size);
absl::Status WriteSecretKey(const std::string& path, absl::string_view purpose,
                            const crypto::Secret& key);
absl::StatusOr<Bytes> LoadPublicKey(const std::string& path,
                                    absl::string_view purpose);
absl::Status WritePublicKey(const std::string& path, absl::string_view purpose,
                            ByteSpan key);

}  // namespace frank::wire

#endif  // FRANK_PROTO_FILES_H_

// The reference channel (protocol section 6): a body encrypted once, its key
// wrapped for each device.
#ifndef FRANK_CRYPTO_CHANNEL_H_
#define FRANK_CRYPTO_CHANNEL_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/bytes.h"
#include "core/ids.h"
#include "core/limits.h"
#include "core/random.h"
#include "crypto/commitment.h"
#include "crypto/hpke.h"
#include "crypto/secret.h"

namespace frank::crypto {

inline constexpr size_t kCekBytes = 16;
using Wrap = std::array<uint8_t, limits::kWrapBytes>;
using WrapAad = std::array<uint8_t, 64>;

// What a body is bound to. Make one with Create, which checks it.
//   aad = "frank/1 body" || u8(scheme) || u16(ciphersuite) || franking_tag
//         || vec(sender_uri) || vec(room_uri)
class BodyBinding {
 public:
  // kInvalidArgument on another cipher suite or a bad URI.
  static absl::StatusOr<BodyBinding> Create(Scheme scheme, uint32_t ciphersuite,
                                            const FrankingTag& tag,
                                            absl::string_view sender_uri,
                                            absl::string_view room_uri);

  const FrankingTag& tag() const { return tag_; }
  ByteSpan aad() const { return aad_; }

 private:
  BodyBinding(const FrankingTag& tag, Bytes aad)
      : tag_(tag), aad_(std::move(aad)) {}
  FrankingTag tag_;
  Bytes aad_;
};

// Returns AES-128-GCM(CEK, franking_tag[0..12), aad, pad(payload, padme(len +
// 1))). The CEK is 16 random bytes that seal one body and nothing else; a retry
// repeats the sealed bytes. kInvalidArgument on another length of CEK.
absl::StatusOr<Bytes> SealBody(const Secret& cek, const BodyBinding& binding,
                               ByteSpan payload);

// Returns the payload. kInvalidArgument on a bad CEK or padding;
// kUnauthenticated. GCM does not commit: the tag check and the wrap's
// associated data have to follow.
absl::StatusOr<Secret> OpenBody(const Secret& cek, const BodyBinding& binding,
                                ByteSpan body);

// Returns SHA-256(aad) || SHA-256(body), computed once for all wraps.
WrapAad MakeWrapAad(const BodyBinding& binding, ByteSpan body);

// Wraps the CEK for a device: HPKE SealAuth with info "frank/1 key".
// kInvalidArgument on a bad CEK, or a device key that gives zeros.
absl::StatusOr<Wrap> SealWrap(const Secret& cek, const HpkePublicKey& device,
                              const HpkePrivateKey& sender, const WrapAad& aad,
                              RandomSource& random);

// Returns the CEK. kInvalidArgument on a wrap that is not 64 bytes;
// kUnauthenticated unless `sender` wrapped this body's key for this device.
absl::StatusOr<Secret> OpenWrap(ByteSpan wrap, const HpkePrivateKey& device,
                                const HpkePublicKey& sender,
                                const WrapAad& aad);

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_CHANNEL_H_

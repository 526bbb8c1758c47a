// What clients know of a key window: when it holds, which form of integrity
// franks have in it, and the key (protocol sections 4 and 5).
#ifndef FRANK_CRYPTO_FRANKING_WINDOW_H_
#define FRANK_CRYPTO_FRANKING_WINDOW_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "crypto/signature.h"

namespace frank::crypto {

// The one cipher suite: X25519, HKDF-SHA-256, AES-128-GCM, SHA-256, Ed25519.
inline constexpr uint16_t kCiphersuite = 0x0001;

// How a frank proves that the platform made it, beside the MAC. Values as in
// FrankingKeys.
enum class FrankForm : uint8_t {
  kNone = 0,     // by the MAC alone
  kEach = 1,     // franking_integrity_signature, as MIMI
  kBatched = 2,  // one signature over a Merkle tree of franks
};

// kInvalidArgument "form" on another number.
absl::StatusOr<FrankForm> ParseFrankForm(uint32_t form);

// [not_before, not_after) in milliseconds; the key is absent for kNone alone.
struct FrankingWindow {
  UnixMillis not_before = 0;
  UnixMillis not_after = 0;
  FrankForm form = FrankForm::kBatched;
  absl::optional<Ed25519PublicKey> key;

  bool Holds(UnixMillis time) const {
    return not_before <= time && time < not_after;
  }
  friend bool operator==(const FrankingWindow& a, const FrankingWindow& b) {
    return a.not_before == b.not_before && a.not_after == b.not_after &&
           a.form == b.form && a.key == b.key;
  }
};

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_FRANKING_WINDOW_H_

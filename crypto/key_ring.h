// Key rings: the keys of a platform's authority by the time they hold
// (protocol section 4).
#ifndef FRANK_CRYPTO_KEY_RING_H_
#define FRANK_CRYPTO_KEY_RING_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "crypto/franking_window.h"
#include "crypto/hash.h"
#include "crypto/secret.h"
#include "crypto/signature.h"

namespace frank::crypto {

inline constexpr size_t kHubKeyBytes = 32;

// A window as key files state it. A tombstone, left by a deleted window, has no
// keys. Else hub_key is there; for the forms each and batched, the platform has
// franking_seed and moderation franking_public_key (either may have both).
struct KeyWindow {
  UnixMillis not_before = 0;
  UnixMillis not_after = 0;
  bool tombstone = false;
  FrankForm form = FrankForm::kBatched;
  absl::optional<Secret> hub_key;        // 32 bytes
  absl::optional<Secret> franking_seed;  // 32 bytes
  Bytes franking_public_key;             // 32 bytes, or empty when not stated
};

// The windows of one authority with their keys made ready; keys cannot be read
// back. A handle: copies share one immutable ring. Thread-safe.
class KeyRing {
 public:
  struct Window {
    FrankingWindow window;
    bool tombstone = false;
    absl::optional<HmacKey> hub_key;                 // none in a tombstone
    absl::optional<Ed25519PrivateKey> franking_key;  // at the platform alone
  };

  // kInvalidArgument, naming the field, unless authority is one, windows are
  // there (at least one), not empty, sorted and do not overlap, and each has
  // the keys that its form needs, of the right length, no others, and public
  // half and seed agree.
  static absl::StatusOr<KeyRing> Create(absl::string_view authority,
                                        std::vector<KeyWindow> windows);

  // Returns the window that holds `time`, a tombstone too, or null. It lives as
  // long as any copy of the ring.
  const Window* FindWindow(UnixMillis time) const;

  const std::string& authority() const { return state_->authority; }
  const std::vector<Window>& windows() const { return state_->windows; }

  // Returns what FrankingKeys publishes: every window but the tombstones.
  std::vector<FrankingWindow> PublicWindows() const;

 private:
  struct State {
    std::string authority;
    std::vector<Window> windows;
  };
  explicit KeyRing(std::shared_ptr<const State> state)
      : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

// The rings by authority. A value: replace it whole when key files change.
class KeyRings {
 public:
  KeyRings() = default;
  // kInvalidArgument when two rings have one authority.
  static absl::StatusOr<KeyRings> Create(std::vector<KeyRing> rings);

  // Returns the ring or null; it lives as long as this object.
  const KeyRing* Find(absl::string_view authority) const;
  // The ring of the URI's authority. Takes any text, malformed too.
  const KeyRing* FindForRoom(absl::string_view room_uri) const;

  const std::map<std::string, KeyRing, std::less<>>& all() const {
    return rings_;
  }

 private:
  // Compared with views as they are: rooms are looked up for each frank.
  std::map<std::string, KeyRing, std::less<>> rings_;
};

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_KEY_RING_H_

#include "crypto/key_ring.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "core/uri.h"

namespace frank::crypto {
namespace {

absl::Status CheckKeysPresent(const KeyWindow& window) {
  bool franking = window.franking_seed || !window.franking_public_key.empty();
  if (window.tombstone) {
    if (!window.hub_key && !franking) return absl::OkStatus();
    return FieldError("tombstone", "must have no keys");
  }
  if (!window.hub_key || window.hub_key->size() != kHubKeyBytes) {
    return FieldError("hub_key", "must be 32 bytes");
  }
  if (franking == (window.form != FrankForm::kNone)) return absl::OkStatus();
  return FieldError("franking_key", franking ? "must be absent in form none"
                                             : "must be given in this form");
}

// Loads the franking key, both halves as far as they are there.
absl::Status LoadFrankingKey(const KeyWindow& from, KeyRing::Window* to) {
  if (!from.franking_public_key.empty()) {
    FRANK_ASSIGN_OR_RETURN(to->window.key,
                           Ed25519PublicKey::Create(from.franking_public_key));
  }
  if (!from.franking_seed) return absl::OkStatus();
  FRANK_ASSIGN_OR_RETURN(to->franking_key,
                         Ed25519PrivateKey::FromSeed(*from.franking_seed));
  const Ed25519PublicKey& public_key = to->franking_key->public_key();
  if (to->window.key && *to->window.key != public_key) {
    return FieldError("franking_public_key", "must be that of the private key");
  }
  to->window.key = public_key;
  return absl::OkStatus();
}

absl::StatusOr<KeyRing::Window> Load(const KeyWindow& from,
                                     UnixMillis earliest) {
  if (from.not_before >= from.not_after) {
    return FieldError("not_after", "must be after not_before");
  }
  if (from.not_before < earliest) {
    return FieldError("not_before", "must not be before the last window ends");
  }
  FRANK_RETURN_IF_ERROR(CheckKeysPresent(from));
  KeyRing::Window window;
  window.window.not_before = from.not_before;
  window.window.not_after = from.not_after;
  window.window.form = from.form;
  window.tombstone = from.tombstone;
  if (from.hub_key) window.hub_key.emplace(from.hub_key->bytes());
  FRANK_RETURN_IF_ERROR(LoadFrankingKey(from, &window));
  return window;
}

}  // namespace

absl::StatusOr<KeyRing> KeyRing::Create(absl::string_view authority,
                                        std::vector<KeyWindow> windows) {
  FRANK_RETURN_IF_ERROR(CheckAuthority("authority", authority));
  if (windows.empty()) return FieldError("window", "must be given");
  auto state = std::make_shared<State>();
  state->authority = std::string(authority);
  UnixMillis earliest = 0;
  for (size_t i = 0; i < windows.size(); ++i) {
    absl::StatusOr<Window> window = Load(windows[i], earliest);
    if (!window.ok()) {
      return InField(absl::StrCat("window[", i, "]"), window.status());
    }
    earliest = window->window.not_after;
    state->windows.push_back(*std::move(window));
  }
  return KeyRing(std::move(state));
}

const KeyRing::Window* KeyRing::FindWindow(UnixMillis time) const {
  const std::vector<Window>& all = state_->windows;
  auto found = std::find_if(all.rbegin(), all.rend(), [time](const Window& w) {
    return w.window.Holds(time);
  });
  return found == all.rend() ? nullptr : &*found;
}

std::vector<FrankingWindow> KeyRing::PublicWindows() const {
  std::vector<FrankingWindow> windows;
  for (const Window& window : state_->windows) {
    if (!window.tombstone) windows.push_back(window.window);
  }
  return windows;
}

absl::StatusOr<KeyRings> KeyRings::Create(std::vector<KeyRing> rings) {
  KeyRings all;
  for (KeyRing& ring : rings) {
    std::string authority = ring.authority();
    if (!all.rings_.emplace(std::move(authority), std::move(ring)).second) {
      return FieldError("authority", "must have one key ring");
    }
  }
  return all;
}

const KeyRing* KeyRings::Find(absl::string_view authority) const {
  auto found = rings_.find(authority);
  return found == rings_.end() ? nullptr : &found->second;
}

const KeyRing* KeyRings::FindForRoom(absl::string_view room_uri) const {
  return Find(AuthorityOf(room_uri));
}

}  // namespace frank::crypto

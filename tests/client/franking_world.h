// Messages that were committed and stamped, to be verified or reported.
#ifndef FRANK_TESTS_CLIENT_FRANKING_WORLD_H_
#define FRANK_TESTS_CLIENT_FRANKING_WORLD_H_

#include <functional>
#include <string>
#include <vector>

#include "client/franking.h"
#include "crypto/random.h"
#include "gtest/gtest.h"
#include "proto/wire.h"

namespace frank::client {

inline constexpr char kAuthority[] = "mimi://hub.example";
inline constexpr char kAlice[] = "mimi://hub.example/u/alice";
inline constexpr char kBob[] = "mimi://hub.example/u/bob";
inline constexpr char kRoom[] = "mimi://hub.example/r/1";
inline constexpr UnixMillis kNow = 1'800'000'000'000;

inline crypto::SystemRandom& Random() {
  static crypto::SystemRandom random;
  return random;
}

inline crypto::KeyRing MakeRing(crypto::FrankForm form) {
  crypto::KeyWindow window{kNow - 100 * kDay, kNow + 100 * kDay, false, form};
  window.hub_key = crypto::Secret::Random(Random(), crypto::kHubKeyBytes);
  if (form != crypto::FrankForm::kNone) {
    window.franking_seed = crypto::Secret::Random(Random(), 32);
  }
  std::vector<crypto::KeyWindow> windows;
  windows.push_back(std::move(window));
  return *crypto::KeyRing::Create(kAuthority, std::move(windows));
}

// Everything that VerifyReceived is given, to be spoilt one thing at a time.
struct Case {
  std::string sender = kAlice;
  std::string room = kRoom;
  uint32_t scheme = 0;
  Bytes tag;
  Bytes payload;
  v1::Frank frank;
  crypto::FrankingKeys keys;
  RequiredIntegrity required = RequiredIntegrity::kAsStated;
  UnixMillis now = kNow;

  absl::StatusOr<VerifiedMessage> Verify() const {
    return VerifyReceived(ChannelIdentity(sender, room), {scheme, tag, payload},
                          frank, keys, required, now);
  }
  void ChangePayload(const std::function<void(v1::Payload&)>& change) {
    v1::Payload parsed;
    parsed.ParseFromArray(payload.data(), static_cast<int>(payload.size()));
    change(parsed);
    payload = ToBytes(parsed.SerializeAsString());
  }
};

class FrankingTest : public ::testing::Test {
 protected:
  Case Stamped(const Committed& committed, const crypto::KeyRing& ring,
               UnixMillis accepted = kNow) {
    Case made;
    made.scheme = static_cast<uint32_t>(committed.scheme);
    made.tag =
        Bytes(committed.tag.bytes().begin(), committed.tag.bytes().end());
    made.payload = Bytes(committed.payload.bytes().begin(),
                         committed.payload.bytes().end());
    crypto::StampInput inputs[] = {{committed.tag, kAlice, kRoom, accepted},
                                   {committed.tag, kBob, kRoom, accepted}};
    wire::SetFrank(inputs[0], crypto::Stamp(ring, inputs)->front(),
                   &made.frank);
    made.keys = {kAuthority, ring.PublicWindows()};
    return made;
  }
  Case Whole(UnixMillis sent_at = kNow, UnixMillis accepted = kNow) {
    return Stamped(*CommitWhole({kAlice, kRoom, sent_at},
                                {"text/plain", AsBytes("hello")}, Random()),
                   ring_, accepted);
  }
  Case Parts() {
    return Stamped(*CommitParts({kAlice, kRoom, kNow},
                                {{"text/plain", AsBytes("threat")},
                                 {"text/plain", AsBytes("address")},
                                 {"image/png", AsBytes("picture")}},
                                Random()),
                   ring_);
  }

  crypto::KeyRing ring_ = MakeRing(crypto::FrankForm::kBatched);
};

}  // namespace frank::client

#endif  // FRANK_TESTS_CLIENT_FRANKING_WORLD_H_

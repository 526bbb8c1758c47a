#include "crypto/key_ring.h"

#include <gtest/gtest.h>

#include "tests/crypto/world.h"

namespace frank::crypto {
namespace {

std::vector<KeyWindow> TwoWindows() {
  std::vector<KeyWindow> windows;
  windows.push_back(WindowOf(FrankForm::kBatched, 1));
  windows.push_back(WindowOf(FrankForm::kNone, 3));
  windows[1].not_before = kNow + kDay;
  windows[1].not_after = kNow + 2 * kDay;
  return windows;
}

bool Accepts(std::vector<KeyWindow> windows,
             absl::string_view authority = kHub) {
  auto ring = KeyRing::Create(authority, std::move(windows));
  EXPECT_TRUE(ring.ok() || absl::IsInvalidArgument(ring.status()));
  return ring.ok();
}

TEST(KeyRingTest, FindsTheWindowThatHoldsTheTime) {
  KeyRing ring = *KeyRing::Create(kHub, TwoWindows());
  EXPECT_EQ(ring.FindWindow(kNow - 1), nullptr);
  EXPECT_EQ(ring.FindWindow(kNow), &ring.windows()[0]);
  EXPECT_EQ(ring.FindWindow(kNow + kDay - 1), &ring.windows()[0]);
  EXPECT_EQ(ring.FindWindow(kNow + kDay), &ring.windows()[1]);
  EXPECT_EQ(ring.FindWindow(kNow + 2 * kDay - 1), &ring.windows()[1]);
  EXPECT_EQ(ring.FindWindow(kNow + 2 * kDay), nullptr);
  EXPECT_EQ(ring.FindWindow(0), nullptr);
  EXPECT_EQ(ring.FindWindow(~uint64_t{0}), nullptr);
}

TEST(KeyRingTest, FindsNothingInAGap) {
  std::vector<KeyWindow> windows = TwoWindows();
  windows[1].not_before += 10;
  KeyRing ring = *KeyRing::Create(kHub, std::move(windows));
  EXPECT_EQ(ring.FindWindow(kNow + kDay + 9), nullptr);
  EXPECT_NE(ring.FindWindow(kNow + kDay + 10), nullptr);
}

TEST(KeyRingTest, RefusesWindowsThatOverlapOrAreOutOfOrder) {
  EXPECT_TRUE(Accepts(TwoWindows()));
  std::vector<KeyWindow> windows = TwoWindows();
  windows[1].not_before -= 1;
  EXPECT_FALSE(Accepts(std::move(windows)));
  windows = TwoWindows();
  std::swap(windows[0], windows[1]);
  EXPECT_FALSE(Accepts(std::move(windows)));
  windows = TwoWindows();
  windows[0].not_after = windows[0].not_before;
  EXPECT_FALSE(Accepts(std::move(windows)));
  EXPECT_FALSE(Accepts({}));
}

TEST(KeyRingTest, RefusesABadAuthority) {
  for (const char* authority :
       {"", "hub.example", "mimi://Hub.example", "mimi://hub.example/r"}) {
    EXPECT_FALSE(Accepts(TwoWindows(), authority)) << authority;
  }
}

TEST(KeyRingTest, NeedsTheKeysOfItsForm) {
  std::vector<KeyWindow> windows = TwoWindows();
  windows[0].hub_key.reset();
  EXPECT_FALSE(Accepts(std::move(windows)));
  windows = TwoWindows();
  windows[0].franking_seed.reset();
  EXPECT_FALSE(Accepts(std::move(windows)));
  windows = TwoWindows();
  windows[1].franking_seed = Secret::Copy(Bytes(32, 5));
  EXPECT_FALSE(Accepts(std::move(windows)));
  for (size_t size : {0, 16, 31, 33}) {
    windows = TwoWindows();
    windows[0].hub_key = Secret::Copy(Bytes(size, 1));
    EXPECT_FALSE(Accepts(std::move(windows))) << size;
    windows = TwoWindows();
    windows[0].franking_seed = Secret::Copy(Bytes(size, 1));
    EXPECT_FALSE(Accepts(std::move(windows))) << size;
  }
}

TEST(KeyRingTest, ChecksThatSeedAndPublicKeyAgree) {
  auto key = Ed25519PrivateKey::FromSeed(Secret::Copy(Bytes(32, 2)));
  std::vector<KeyWindow> windows = TwoWindows();
  windows[0].franking_public_key.assign(key->public_key().bytes().begin(),
                                        key->public_key().bytes().end());
  EXPECT_TRUE(Accepts(std::move(windows)));
  windows = TwoWindows();
  auto other = Ed25519PrivateKey::FromSeed(Secret::Copy(Bytes(32, 9)));
  windows[0].franking_public_key.assign(other->public_key().bytes().begin(),
                                        other->public_key().bytes().end());
  EXPECT_FALSE(Accepts(std::move(windows)));
}

TEST(KeyRingTest, WithThePublicKeyAloneVerifiesButDoesNotStamp) {
  KeyRing platform = RingOf(FrankForm::kBatched);
  Frank frank = StampMany(platform, 2)[1];
  KeyWindow window = WindowOf(FrankForm::kBatched);
  window.franking_seed.reset();
  const auto& key = platform.windows()[0].window.key->bytes();
  window.franking_public_key.assign(key.begin(), key.end());
  KeyRing moderation = RingOf(std::move(window));
  EXPECT_TRUE(VerifyIntegrity(frank, FrankForm::kBatched,
                              moderation.windows()[0].window.key)
                  .ok());
  EXPECT_FALSE(moderation.windows()[0].franking_key.has_value());
  EXPECT_EQ(
      Stamp(moderation, {StampInput{FrankingTag(), kMallory, kRoom, kNow}})
          .status()
          .code(),
      absl::StatusCode::kFailedPrecondition);
}

TEST(KeyRingTest, KeepsATombstoneWithoutKeysAndPublishesItNot) {
  std::vector<KeyWindow> windows = TwoWindows();
  windows[0].tombstone = true;
  EXPECT_FALSE(Accepts(std::move(windows)));
  windows = TwoWindows();
  windows[0].tombstone = true;
  windows[0].hub_key.reset();
  windows[0].franking_seed.reset();
  auto ring = KeyRing::Create(kHub, std::move(windows));
  ASSERT_TRUE(ring.ok()) << ring.status();
  EXPECT_TRUE(ring->FindWindow(kNow)->tombstone);
  EXPECT_FALSE(ring->FindWindow(kNow)->hub_key.has_value());
  ASSERT_EQ(ring->PublicWindows().size(), 1u);
  EXPECT_EQ(ring->PublicWindows()[0].not_before, kNow + kDay);
}

TEST(KeyRingsTest, FindsTheRingOfARoomsAuthority) {
  std::vector<KeyRing> rings = {RingOf(FrankForm::kEach)};
  KeyRings all = *KeyRings::Create(rings);
  EXPECT_NE(all.Find(kHub), nullptr);
  EXPECT_NE(all.FindForRoom(kRoom), nullptr);
  for (const char* room : {"", "x", "mimi://other.example/r/1",
                           "mimi://hub.example.evil/r/1", "mimi:///r/1"}) {
    EXPECT_EQ(all.FindForRoom(room), nullptr) << room;
  }
  rings.push_back(RingOf(FrankForm::kNone));
  EXPECT_FALSE(KeyRings::Create(rings).ok());
}

}  // namespace
}  // namespace frank::crypto

// Signatures that calls share.
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "core/limits.h"
#include "gtest/gtest.h"
#include "services/common/burst.h"
#include "services/platform/stamper.h"
#include "tests/services/platform_world.h"

namespace frank::platform {
namespace {

class StamperTest : public testing::Test {
 protected:
  using Stamps = std::vector<absl::StatusOr<crypto::FrankStamp>>;

  static crypto::StampInput InputOf(uint8_t tag) {
    return {FrankingTag(crypto::Sha256Digest{tag}), kSam, kRoom, kNow};
  }

  // Has these stamped in one burst.
  Stamps StampTogether(const std::vector<crypto::StampInput>& inputs) {
    Stamps stamps;
    services::Burst burst;
    for (const crypto::StampInput& input : inputs) {
      stamper_.Stamp(ring_, input,
                     [&](auto stamp) { stamps.push_back(std::move(stamp)); });
    }
    burst.End();
    return stamps;
  }

  static const crypto::BatchShare& ShareOf(const crypto::FrankStamp& stamp) {
    return absl::get<crypto::BatchShare>(stamp.integrity);
  }

  void ExpectAuthentic(const crypto::StampInput& input,
                       const crypto::FrankStamp& stamp) {
    const crypto::Frank frank = crypto::MakeFrank(input, stamp);
    const auto* window = ring_.FindWindow(input.accepted_timestamp);
    EXPECT_TRUE(crypto::VerifyServerFrank(frank, *window->hub_key).ok());
    EXPECT_TRUE(
        crypto::VerifyIntegrity(frank, window->window.form, window->window.key)
            .ok());
  }

  World world_;
  const crypto::KeyRing& ring_ = *world_.rings.Find(kOwn);
  Stamper stamper_{world_.rings};
};

TEST_F(StamperTest, StampsACallOutsideOfABurstAtOnceAndForItself) {
  for (uint8_t tag = 0; tag < 3; ++tag) {
    bool answered = false;
    stamper_.Stamp(ring_, InputOf(tag), [&](auto stamp) {
      answered = true;
      ASSERT_TRUE(stamp.ok());
      EXPECT_EQ(ShareOf(*stamp).size, 1u);
      ExpectAuthentic(InputOf(tag), *stamp);
    });
    EXPECT_TRUE(answered);
  }
}

TEST_F(StamperTest, SignsOnceForCallsThatComeTogether) {
  const std::vector<crypto::StampInput> inputs = {InputOf(1), InputOf(2)};
  Stamps stamps = StampTogether(inputs);
  ASSERT_EQ(stamps.size(), 2u);
  for (size_t i = 0; i < inputs.size(); ++i) {
    EXPECT_EQ(ShareOf(*stamps[i]).signature, ShareOf(*stamps[0]).signature);
    EXPECT_EQ(ShareOf(*stamps[i]).size, 2u);
    ExpectAuthentic(inputs[i], *stamps[i]);
  }
  // Nothing of one burst is left for the next.
  EXPECT_EQ(ShareOf(*StampTogether({InputOf(3)}).front()).size, 1u);
}

TEST_F(StamperTest, LetsNoCallSufferFromAnothersInput) {
  crypto::StampInput bad = InputOf(1);
  bad.sender_uri = "mimi://hub.example/u/s am";
  Stamps stamps = StampTogether({bad, InputOf(2)});
  ASSERT_EQ(stamps.size(), 2u);
  EXPECT_EQ(FieldIn(stamps[0].status()), "sender_uri");
  ASSERT_TRUE(stamps[1].ok());
  ExpectAuthentic(InputOf(2), *stamps[1]);
}

TEST_F(StamperTest, BoundsHowManyShare) {
  Stamps stamps = StampTogether(
      std::vector<crypto::StampInput>(limits::kMaxStampGroup + 3, InputOf(1)));
  ASSERT_EQ(stamps.size(), limits::kMaxStampGroup + 3);
  EXPECT_EQ(ShareOf(*stamps.front()).size, limits::kMaxStampGroup);
  EXPECT_EQ(ShareOf(*stamps.back()).size, 3u);
}

// Each in bursts of its own, and in those of others.
TEST_F(StamperTest, AnswersEachOfManyThreadsWithItsOwn) {
  std::vector<std::thread> threads;
  for (uint8_t tag = 0; tag < 8; ++tag) {
    threads.emplace_back([&, tag] {
      for (int i = 0; i < 50; ++i) {
        absl::BlockingCounter answered(3);
        {
          services::Burst burst;
          for (int j = 0; j < 3; ++j) {
            stamper_.Stamp(ring_, InputOf(tag), [&](auto stamp) {
              ASSERT_TRUE(stamp.ok());
              ExpectAuthentic(InputOf(tag), *stamp);
              answered.DecrementCount();
            });
          }
        }
        answered.Wait();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace frank::platform

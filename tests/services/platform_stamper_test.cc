// Signatures that calls share.
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "core/limits.h"
#include "gtest/gtest.h"
#include "services/platform/stamper.h"
#include "tests/services/platform_world.h"

namespace frank::platform {
namespace {

constexpr absl::Duration kForEver = absl::Hours(1);

class StamperTest : public testing::Test {
 protected:
  using Stamps = std::vector<absl::StatusOr<crypto::FrankStamp>>;

  static crypto::StampInput InputOf(uint8_t tag) {
    return {FrankingTag(crypto::Sha256Digest{tag}), kSam, kRoom, kNow};
  }

  // Has one stamped, and these while it is answered.
  void StampTogether(Stamper& stamper,
                     const std::vector<crypto::StampInput>& inputs,
                     Stamps* stamps) {
    stamper.Stamp(ring_, InputOf(0), [&, stamps](auto first) {
      EXPECT_TRUE(first.ok());
      for (const crypto::StampInput& input : inputs) {
        stamper.Stamp(ring_, input, [stamps](auto stamp) {
          stamps->push_back(std::move(stamp));
        });
      }
    });
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
};

TEST_F(StamperTest, StampsACallThatIsAloneAtOnceAndForItself) {
  Stamper stamper(world_.rings, kForEver);
  for (uint8_t tag = 0; tag < 3; ++tag) {
    bool answered = false;
    stamper.Stamp(ring_, InputOf(tag), [&](auto stamp) {
      answered = true;
      ASSERT_TRUE(stamp.ok());
      EXPECT_EQ(ShareOf(*stamp).size, 1u);
      ExpectAuthentic(InputOf(tag), *stamp);
    });
    EXPECT_TRUE(answered);
  }
}

TEST_F(StamperTest, SignsOnceForCallsThatComeTogether) {
  Stamper stamper(world_.rings, kForEver);
  const std::vector<crypto::StampInput> inputs = {InputOf(1), InputOf(2)};
  Stamps stamps;
  StampTogether(stamper, inputs, &stamps);
  ASSERT_EQ(stamps.size(), 2u);
  for (size_t i = 0; i < inputs.size(); ++i) {
    EXPECT_EQ(ShareOf(*stamps[i]).signature, ShareOf(*stamps[0]).signature);
    EXPECT_EQ(ShareOf(*stamps[i]).size, 2u);
    ExpectAuthentic(inputs[i], *stamps[i]);
  }
}

TEST_F(StamperTest, LetsNoCallSufferFromAnothersInput) {
  Stamper stamper(world_.rings, kForEver);
  crypto::StampInput bad = InputOf(1);
  bad.sender_uri = "mimi://hub.example/u/s am";
  Stamps stamps;
  StampTogether(stamper, {bad, InputOf(2)}, &stamps);
  ASSERT_EQ(stamps.size(), 2u);
  EXPECT_EQ(FieldIn(stamps[0].status()), "sender_uri");
  ASSERT_TRUE(stamps[1].ok());
  ExpectAuthentic(InputOf(2), *stamps[1]);
}

// Two groups of two, then of four, and so on.
TEST_F(StamperTest, LetsGroupsGrowWithTheLoadButNotWithoutBound) {
  Stamper stamper(world_.rings, kForEver);
  std::vector<crypto::StampInput> inputs;
  for (size_t size = 2; size <= limits::kMaxStampGroup; size *= 2) {
    inputs.resize(inputs.size() + 2 * size, InputOf(1));
  }
  inputs.resize(inputs.size() + 2 * limits::kMaxStampGroup, InputOf(1));
  Stamps stamps;
  StampTogether(stamper, inputs, &stamps);
  ASSERT_EQ(stamps.size(), inputs.size());
  EXPECT_EQ(ShareOf(*stamps[0]).size, 2u);
  EXPECT_EQ(ShareOf(*stamps[4]).size, 4u);
  EXPECT_EQ(ShareOf(*stamps.back()).size, limits::kMaxStampGroup);
}

TEST_F(StamperTest, AnswersAGroupThatIsNotCompleteWhenItsTimeIsUp) {
  Stamper stamper(world_.rings);
  absl::Notification answered;
  stamper.Stamp(ring_, InputOf(0), [&](auto) {
    stamper.Stamp(ring_, InputOf(1), [&](auto stamp) {
      ASSERT_TRUE(stamp.ok());
      EXPECT_EQ(ShareOf(*stamp).size, 1u);
      answered.Notify();
    });
  });
  answered.WaitForNotification();
}

TEST_F(StamperTest, AnswersThoseThatWaitBeforeItEnds) {
  Stamps stamps;
  {
    Stamper stamper(world_.rings, kForEver);
    StampTogether(stamper, {InputOf(1)}, &stamps);
    EXPECT_TRUE(stamps.empty());
  }
  ASSERT_EQ(stamps.size(), 1u);
  EXPECT_TRUE(stamps[0].ok());
}

TEST_F(StamperTest, AnswersEachOfManyThreadsWithItsOwn) {
  Stamper stamper(world_.rings);
  std::vector<std::thread> threads;
  for (uint8_t tag = 0; tag < 8; ++tag) {
    threads.emplace_back([&, tag] {
      for (int i = 0; i < 50; ++i) {
        auto stamp = Answer<crypto::FrankStamp>([&](auto done) {
          stamper.Stamp(ring_, InputOf(tag), std::move(done));
        });
        ASSERT_TRUE(stamp.ok());
        ExpectAuthentic(InputOf(tag), *stamp);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace frank::platform

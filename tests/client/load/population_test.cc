#include "client/load/population.h"

#include <stdlib.h>

#include <filesystem>

#include "crypto/random.h"
#include "gtest/gtest.h"
#include "tests/client/fake_platform.h"

namespace frank::load {
namespace {

constexpr char kAuthority[] = "mimi://hub.example";

// Each run asks for one device or room more than the last, since the platform
// in memory is for one thread.
class PopulationTest : public testing::Test {
 protected:
  PopulationTest() {
    std::string pattern = testing::TempDir() + "frank-population-XXXXXX";
    folder_ = mkdtemp(&pattern[0]);
  }
  ~PopulationTest() override { std::filesystem::remove_all(folder_); }

  absl::StatusOr<std::unique_ptr<Population>> Open(
      const PopulationSize& size, const std::string& authority = kAuthority) {
    return Population::Open(
        folder_ + "/population", authority, size,
        [this]() -> absl::StatusOr<std::unique_ptr<client::Transport>> {
          if (connections_ == 0) return absl::UnavailableError("away");
          --connections_;
          return platform_.Connect();
        },
        random_, watch_);
  }

  // How many may still be made.
  int connections_ = 100;
  RegisterWatch watch_;
  SystemClock clock_;
  crypto::SystemRandom random_;
  client::FakePlatform platform_{clock_, random_};
  std::string folder_;
};

TEST_F(PopulationTest, RegistersOnlyWhatIsMissing) {
  auto one = Open({1, 0, 2});
  ASSERT_TRUE(one.ok()) << one.status();
  auto two = Open({2, 0, 2});
  ASSERT_TRUE(two.ok()) << two.status();
  EXPECT_EQ(platform_.accounts.size(), 2u);
  EXPECT_EQ((*two)->devices()[0].token, (*one)->devices()[0].token);
  EXPECT_EQ((*two)->devices()[0].key.public_key().id(),
            (*one)->devices()[0].key.public_key().id());
  auto again = Open({1, 0, 2});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ((*again)->devices().size(), 1u);
  EXPECT_EQ(platform_.accounts.size(), 2u);
}

TEST_F(PopulationTest, MakesTheRoomsOfNeighboursAndBeginsAgainAfterTheLast) {
  for (size_t devices : {1, 2, 3}) ASSERT_TRUE(Open({devices, 0, 2}).ok());
  for (size_t rooms : {1, 2, 3}) ASSERT_TRUE(Open({3, rooms, 2}).ok());
  auto population = Open({3, 4, 2});
  ASSERT_TRUE(population.ok()) << population.status();
  const std::vector<Room>& rooms = (*population)->rooms();
  ASSERT_EQ(rooms.size(), 4u);
  EXPECT_EQ(rooms[0].members, (std::vector<size_t>{0, 1}));
  EXPECT_EQ(rooms[2].members, (std::vector<size_t>{2, 0}));
  EXPECT_EQ(rooms[3].members, (std::vector<size_t>{0, 1}));
  for (const Room& room : rooms) {
    const frank::v1::Room& made = platform_.rooms.at(room.uri);
    ASSERT_EQ(made.member_uri_size(), 2);
    for (int i : {0, 1}) {
      EXPECT_EQ(made.member_uri(i),
                (*population)->devices()[room.members[i]].account_uri);
    }
  }
}

// What a run says of its population is what it uses.
TEST_F(PopulationTest, IsNoLargerThanWasAskedFor) {
  for (size_t devices : {1, 2, 3}) ASSERT_TRUE(Open({devices, 0, 2}).ok());
  for (size_t rooms : {1, 2, 3}) ASSERT_TRUE(Open({3, rooms, 2}).ok());
  // Of {0, 1}, {1, 2} and {2, 0}, one is among the first two.
  auto less = Open({2, 1, 2});
  ASSERT_TRUE(less.ok()) << less.status();
  EXPECT_EQ((*less)->devices().size(), 2u);
  ASSERT_EQ((*less)->rooms().size(), 1u);
  EXPECT_EQ((*less)->rooms()[0].members, (std::vector<size_t>{0, 1}));
  EXPECT_EQ(platform_.rooms.size(), 3u);
  less = Open({2, 2, 2});
  ASSERT_TRUE(less.ok()) << less.status();
  ASSERT_EQ((*less)->rooms().size(), 2u);
  EXPECT_EQ((*less)->rooms()[1].members, (std::vector<size_t>{1, 0}));
  EXPECT_EQ(platform_.rooms.size(), 4u);
  // The file has the others still.
  auto all = Open({3, 4, 2});
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ((*all)->rooms().size(), 4u);
  all = Open({3, 2, 2});
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ((*all)->rooms().size(), 2u);
  EXPECT_EQ(platform_.rooms.size(), 4u);
}

TEST_F(PopulationTest, SavesWhatWasRegisteredBeforeAnError) {
  connections_ = 0;
  EXPECT_EQ(Open({1, 0, 1}).status().code(), absl::StatusCode::kUnavailable);
  // The device is registered, its room is not.
  connections_ = 1;
  EXPECT_EQ(Open({1, 1, 1}).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(platform_.accounts.size(), 1u);
  connections_ = 100;
  auto population = Open({1, 1, 1});
  ASSERT_TRUE(population.ok()) << population.status();
  EXPECT_EQ(platform_.accounts.size(), 1u);
  EXPECT_FALSE((*population)->devices()[0].token.empty());
  ASSERT_EQ((*population)->rooms().size(), 1u);
  EXPECT_TRUE(platform_.rooms.count((*population)->rooms()[0].uri));
}

TEST_F(PopulationTest, TellsHowFarItIsAndEndsWhenItIsInterrupted) {
  std::vector<std::string> lines;
  std::atomic<bool> interrupted{false};
  watch_.interrupted = &interrupted;
  watch_.progress = [&](const std::string& line) {
    lines.push_back(line);
    interrupted = true;
  };
  EXPECT_EQ(Open({1, 1, 1}).status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(lines, (std::vector<std::string>{"1 of 1 devices registered"}));
  EXPECT_EQ(platform_.accounts.size(), 1u);
  EXPECT_TRUE(platform_.rooms.empty());
}

TEST_F(PopulationTest, IsForItsOwnerAlone) {
  ASSERT_TRUE(Open({1, 0, 2}).ok());
  EXPECT_EQ(
      std::filesystem::status(folder_ + "/population").permissions(),
      std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(PopulationTest, RefusesAnotherAuthorityAndRoomsOfAnotherSize) {
  ASSERT_TRUE(Open({1, 0, 1}).ok());
  ASSERT_TRUE(Open({1, 1, 1}).ok());
  EXPECT_EQ(Open({1, 1, 1}, "mimi://other.example").status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Open({1, 1, 2}).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace frank::load

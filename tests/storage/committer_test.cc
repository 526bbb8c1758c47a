// The committer by itself, where an engine cannot be made to show it.
#include "storage/commit/committer.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "core/limits.h"
#include "storage/commit/conflict_window.h"

namespace frank::storage {
namespace {

TEST(CommitterTest, RefusesEverythingAfterAFailure) {
  FakeClock clock(1'700'000'000'000);
  int applied = 0;
  Committer committer(clock, [&applied](const std::vector<PendingCommit>&) {
    return ++applied == 2 ? absl::UnavailableError("no sync")
                          : absl::OkStatus();
  });
  const auto commit = [&](WriteSet writes) {
    absl::Notification told;
    absl::Status outcome;
    PendingCommit pending;
    pending.begun = clock.Now();
    pending.writes = std::move(writes);
    pending.done = [&](absl::Status status) {
      outcome = std::move(status);
      told.Notify();
    };
    committer.Submit(std::move(pending));
    told.WaitForNotification();
    return outcome;
  };
  EXPECT_EQ(commit({{"k", "1"}}), absl::OkStatus());
  EXPECT_EQ(committer.applied(), 1u);
  EXPECT_TRUE(absl::IsUnavailable(commit({{"k", "2"}})));
  EXPECT_TRUE(absl::IsUnavailable(commit({{"k", "3"}})));
  // Whether what was read is still so cannot be told either.
  EXPECT_TRUE(absl::IsUnavailable(commit({})));
  EXPECT_EQ(applied, 2);
  EXPECT_EQ(committer.applied(), 1u);
}

TEST(ConflictWindowTest, CountsWhatItHasForgottenAsChanged) {
  ConflictWindow window(1u << 20);
  window.Add(1, 1000, {{"a", "1"}});
  window.Add(2, 2000, {{"b", "1"}});
  const TrackedRange old{{"x", "y"}, 0};
  const TrackedRange recent{{"x", "y"}, 1};
  EXPECT_FALSE(window.HasChangedSince(old));
  window.Forget(1000 + limits::kMaxTransactionAge);
  EXPECT_FALSE(window.HasChangedSince(old));
  window.Forget(1001 + limits::kMaxTransactionAge);
  EXPECT_TRUE(window.HasChangedSince(old));
  EXPECT_FALSE(window.HasChangedSince(recent));
}

TEST(ConflictWindowTest, KeepsAKeyThatALaterCommitWroteAgain) {
  ConflictWindow window(1u << 20);
  window.Add(1, 1000, {{"a", "1"}});
  window.Add(2, 9000, {{"a", "2"}});
  window.Forget(9000);
  EXPECT_TRUE(window.HasChangedSince({{"a", "b"}, 1}));
  EXPECT_FALSE(window.HasChangedSince({{"a", "b"}, 2}));
}

TEST(ConflictWindowTest, ForgetsTheOldestWhenItIsFull) {
  ConflictWindow window(10'000);
  for (CommitNumber number = 1; number <= 1000; ++number) {
    window.Add(number, 1000, {{"key" + std::to_string(number), ""}});
  }
  EXPECT_TRUE(window.HasChangedSince({{"x", "y"}, 500}));
  EXPECT_FALSE(window.HasChangedSince({{"x", "y"}, 999}));
  EXPECT_TRUE(window.HasChangedSince({{"key1000", ""}, 999}));
}

}  // namespace
}  // namespace frank::storage

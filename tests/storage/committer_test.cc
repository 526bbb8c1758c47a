// The committer by itself, where an engine cannot be made to show it.
#include "storage/commit/committer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "core/limits.h"
#include "core/status.h"
#include "storage/commit/conflict_window.h"
#include "storage/commit/watch_list.h"
#include "tests/storage/gate.h"

namespace frank::storage {
namespace {

absl::StatusOr<absl::optional<std::string>> ReadNothing(absl::string_view) {
  return absl::optional<std::string>();
}

TEST(CommitterTest, RefusesEverythingAfterAFailure) {
  FakeClock clock(1'700'000'000'000);
  int applied = 0;
  Committer committer(
      clock, &ReadNothing, [&applied](const std::vector<PendingCommit>&) {
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
  EXPECT_EQ(commit({{"k", WrittenValue("1")}}), absl::OkStatus());
  EXPECT_EQ(committer.applied(), 1u);
  EXPECT_TRUE(absl::IsUnavailable(commit({{"k", WrittenValue("2")}})));
  EXPECT_TRUE(absl::IsUnavailable(commit({{"k", WrittenValue("3")}})));
  // Whether what was read is still so cannot be told either.
  EXPECT_TRUE(absl::IsUnavailable(commit({})));
  EXPECT_EQ(applied, 2);
  EXPECT_EQ(committer.applied(), 1u);
}

// What it met is not visible before: it would meet it again.
TEST(CommitterTest, TellsWhoIsRefusedOnceTheBatchIsVisible) {
  FakeClock clock(1'700'000'000'000);
  absl::Notification submitted;
  absl::Notification refused;
  std::vector<bool> told_while_applying;
  Committer committer(
      clock, &ReadNothing, [&](const std::vector<PendingCommit>&) {
        submitted.WaitForNotification();
        told_while_applying.push_back(
            refused.WaitForNotificationWithTimeout(absl::Milliseconds(20)));
        return absl::OkStatus();
      });
  const auto submit = [&](std::vector<TrackedKey> keys,
                          std::vector<TrackedRange> ranges, CommitDone done) {
    PendingCommit pending;
    pending.begun = clock.Now();
    pending.keys = std::move(keys);
    pending.ranges = std::move(ranges);
    pending.writes = {{"k", WrittenValue("v")}};
    pending.done = std::move(done);
    committer.Submit(std::move(pending));
  };
  // The first may be a batch of its own, or not.
  submit({}, {}, [](absl::Status) {});
  submit({}, {}, [](absl::Status) {});
  submit({TrackedKey::Of("k", 0)}, {}, [](absl::Status status) {
    EXPECT_TRUE(absl::IsAborted(status)) << status;
  });
  submit({}, {{KeyRange{"k", "l"}, 0}}, [&](absl::Status status) {
    EXPECT_TRUE(absl::IsAborted(status)) << status;
    refused.Notify();
  });
  submitted.Notify();
  refused.WaitForNotification();
  committer.Stop();
  EXPECT_THAT(told_while_applying, testing::Each(false));
}

// Submits a commit of so many bytes whose outcome goes to `outcome`.
void Submit(Committer& committer, size_t bytes, absl::Status* outcome) {
  PendingCommit pending;
  pending.begun = committer.Now();
  pending.writes = {{"k", WrittenValue("v")}};
  pending.bytes = bytes;
  pending.done = [outcome](absl::Status status) {
    *outcome = std::move(status);
  };
  committer.Submit(std::move(pending));
}

TEST(CommitterTest, TellsACommitThatWasNotTakenWhenToTryAgain) {
  FakeClock clock(1'700'000'000'000);
  Gate gate;
  gate.Close();
  Committer committer(clock, &ReadNothing,
                      [&gate](const std::vector<PendingCommit>&) {
                        gate.Pass();
                        return absl::UnavailableError("no sync");
                      });
  absl::Status failed;
  absl::Status not_taken;
  Submit(committer, limits::kMaxWaitingCommitBytes, &failed);
  gate.AwaitArrival();
  Submit(committer, 1, &not_taken);
  gate.Open();
  committer.Stop();
  EXPECT_TRUE(absl::IsUnavailable(not_taken));
  EXPECT_EQ(FindReason(not_taken), "UNAVAILABLE");
  EXPECT_EQ(FindRetryAfter(not_taken), 1000u);
  // Whether this one was applied is unknown.
  EXPECT_TRUE(absl::IsUnavailable(failed));
  EXPECT_EQ(FindRetryAfter(failed), absl::nullopt);
}

TEST(ConflictWindowTest, CountsWhatItHasForgottenAsChanged) {
  ConflictWindow window(1u << 20);
  window.Add(1, 1000, {{"a", WrittenValue("1")}});
  window.Add(2, 2000, {{"b", WrittenValue("1")}});
  const TrackedRange old{{"x", "y"}, 0};
  const TrackedRange recent{{"x", "y"}, 1};
  EXPECT_FALSE(window.HasChangedSince(old));
  window.Forget(1000 + limits::kMaxTransactionAge);
  EXPECT_FALSE(window.HasChangedSince(old));
  window.Forget(1001 + limits::kMaxTransactionAge);
  EXPECT_TRUE(window.HasChangedSince(old));
  EXPECT_TRUE(window.HasChangedSince(TrackedKey::Of("x", 0)));
  EXPECT_FALSE(window.HasChangedSince(recent));
  EXPECT_FALSE(window.HasChangedSince(TrackedKey::Of("x", 1)));
}

TEST(ConflictWindowTest, KeepsAKeyThatALaterCommitWroteAgain) {
  ConflictWindow window(1u << 20);
  window.Add(1, 1000, {{"a", WrittenValue("1")}});
  window.Add(2, 9000, {{"a", WrittenValue("2")}});
  window.Forget(9000);
  EXPECT_TRUE(window.HasChangedSince({{"a", "b"}, 1}));
  EXPECT_TRUE(window.HasChangedSince(TrackedKey::Of("a", 1)));
  EXPECT_FALSE(window.HasChangedSince({{"a", "b"}, 2}));
  EXPECT_FALSE(window.HasChangedSince(TrackedKey::Of("a", 2)));
}

TEST(ConflictWindowTest, ForgetsTheOldestWhenItIsFull) {
  ConflictWindow window(10'000);
  for (CommitNumber number = 1; number <= 1000; ++number) {
    window.Add(number, 1000,
               {{"key" + std::to_string(number), WrittenValue("")}});
  }
  EXPECT_TRUE(window.HasChangedSince({{"x", "y"}, 500}));
  EXPECT_FALSE(window.HasChangedSince({{"x", "y"}, 999}));
  EXPECT_TRUE(window.HasChangedSince({{"key1000", ""}, 999}));
}

TEST(ConflictWindowTest, ForgetsCommitsThatKeepWritingTheSameKey) {
  ConflictWindow window(10'000);
  for (CommitNumber number = 1; number <= 1000; ++number) {
    window.Add(number, 1000, {{"k", WrittenValue("")}});
  }
  EXPECT_TRUE(window.HasChangedSince({{"x", "y"}, 500}));
  EXPECT_FALSE(window.HasChangedSince({{"x", "y"}, 999}));
}

TEST(ConflictWindowTest, GoesOnForgettingWhenTheClockStepsBack) {
  ConflictWindow window(1u << 20);
  window.Add(1, 1'000'000, {{"a", WrittenValue("")}});
  window.Add(2, 1000, {{"b", WrittenValue("")}});
  window.Forget(1000 + limits::kMaxTransactionAge);
  EXPECT_FALSE(window.HasChangedSince({{"x", "y"}, 0}));
  window.Forget(1001 + limits::kMaxTransactionAge);
  EXPECT_TRUE(window.HasChangedSince({{"x", "y"}, 1}));
  EXPECT_FALSE(window.HasChangedSince({{"x", "y"}, 2}));
}

std::string RandomBytes(std::mt19937& random) {
  // Few letters, among them those at which the end of a prefix carries over.
  static constexpr char kLetters[] = {'\0', 'a', 'b', '\xFE', '\xFF'};
  std::string bytes(random() % 5, '\0');
  for (char& byte : bytes) byte = kLetters[random() % 5];
  return bytes;
}

KeyRange RandomRange(std::mt19937& random) {
  const std::string begin = RandomBytes(random);
  switch (random() % 3) {
    case 0:
      return begin.empty() ? KeyRange{} : KeyRange::Prefix(begin);
    case 1:
      return {begin, begin + '\0'};
    default:
      return {begin, RandomBytes(random)};
  }
}

// Beside a list of what each commit wrote.
TEST(ConflictWindowTest, FindsWhatWasWrittenSinceAndNothingElse) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    ConflictWindow window(1u << 20);
    std::vector<WriteSet> written;
    for (CommitNumber number = 1; number <= 20; ++number) {
      WriteSet writes;
      for (size_t keys = random() % 4; keys > 0; --keys) {
        writes.emplace(RandomBytes(random), absl::nullopt);
      }
      window.Add(number, 1000, writes);
      written.push_back(std::move(writes));
    }
    for (int i = 0; i < 50; ++i) {
      const TrackedRange read{RandomRange(random), random() % 21};
      const std::string one_key = RandomBytes(random);
      bool changed = false, one_changed = false;
      for (size_t number = read.version; number < written.size(); ++number) {
        for (const auto& [key, value] : written[number]) {
          changed |= read.range.Contains(key);
          one_changed |= key == one_key;
        }
      }
      EXPECT_EQ(window.HasChangedSince(read), changed);
      EXPECT_EQ(window.HasChangedSince(TrackedKey::Of(one_key, read.version)),
                one_changed);
    }
  }
}

WriteSet Writing(const std::vector<std::string>& keys) {
  WriteSet writes;
  for (const std::string& key : keys) writes.emplace(key, WrittenValue(key));
  return writes;
}

TEST(WatchListTest, FiresInTheOrderInWhichTheWatchesWereSet) {
  WatchList list;
  std::vector<int> fired;
  std::vector<std::unique_ptr<Watch>> watches(100);
  // Backwards by key and by place, so that neither can stand for the order.
  for (int i = 0; i < 100; ++i) {
    const std::string prefix(1, static_cast<char>('z' - i % 7));
    watches[99 - i] =
        list.Set(KeyRange::Prefix(prefix), [&fired, i] { fired.push_back(i); });
    if (i % 3 == 0) watches[99 - i].reset();
  }
  list.Fire({Writing({"t", "u", "v", "w"}), Writing({"x", "y", "z"})});
  EXPECT_EQ(fired.size(), 66u);
  EXPECT_TRUE(std::is_sorted(fired.begin(), fired.end()));
}

TEST(WatchListTest, FiresOnceEachWatchWhoseRangeHoldsAKeyAndNoOther) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    WatchList list;
    std::vector<KeyRange> ranges(50);
    std::vector<int> fired(50);
    std::vector<std::unique_ptr<Watch>> watches;
    for (size_t i = 0; i < ranges.size(); ++i) {
      ranges[i] = RandomRange(random);
      watches.push_back(list.Set(ranges[i], [&fired, i] { ++fired[i]; }));
    }
    for (size_t i = 0; i < ranges.size(); i += 3) watches[i].reset();
    const std::vector<std::string> keys = {RandomBytes(random),
                                           RandomBytes(random)};
    list.Fire({Writing(keys)});
    for (size_t i = 0; i < ranges.size(); ++i) {
      const bool held =
          ranges[i].Contains(keys[0]) || ranges[i].Contains(keys[1]);
      EXPECT_EQ(fired[i], held && watches[i] != nullptr ? 1 : 0) << i;
    }
  }
}

TEST(WatchListTest, TellsWhoFollowsTheChangesOfItsRangeInOrder) {
  WatchList list;
  std::vector<std::string> told;
  auto follower = list.Follow(
      KeyRange::Prefix("b"), [&](absl::Span<const KeyChange> changes) {
        for (const KeyChange& change : changes) {
          told.push_back(
              absl::StrCat(change.key, "=", change.value.value_or("deleted")));
        }
        told.push_back(".");
      });
  WriteSet deleting;
  deleting.emplace("b2", absl::nullopt);
  list.Fire({Writing({"a", "b2", "b1", "c"}), deleting, Writing({"b2"})});
  EXPECT_THAT(told, ::testing::ElementsAre("b1=b1", "b2=b2", "b2=deleted",
                                           "b2=b2", "."));
  list.Fire({Writing({"a", "c"})});
  EXPECT_EQ(told.size(), 5u);
}

TEST(WatchListTest, TellsNoChangesWhereItIsUncertainWhetherTheyWereMade) {
  WatchList list;
  std::vector<size_t> told;
  auto follower = list.Follow(KeyRange::Prefix("b"),
                              [&](absl::Span<const KeyChange> changes) {
                                told.push_back(changes.size());
                              });
  list.Fire({Writing({"b"})}, /*uncertain=*/true);
  EXPECT_THAT(told, ::testing::ElementsAre(0u));
}

}  // namespace
}  // namespace frank::storage

// The contract's commits: when they are told, what is visible when, how old a
// transaction may be, and the helpers that run them.
#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "tests/storage/engine_contract.h"

namespace frank::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::unique_ptr<Transaction> Write(Engine& engine, const std::string& key,
                                   const std::string& value) {
  auto transaction = engine.Begin();
  transaction->Put(key, value);
  return transaction;
}

TEST_P(EngineContractTest, ShowsNothingThatIsNotDurable) {
  gate().Close();
  auto change = engine().Begin();
  change->Put("k", "v");
  change->Put("iso/k", "v");
  PendingOutcome outcome(std::move(change));
  gate().AwaitArrival();
  for (const char* key : {"k", "iso/k"}) {
    EXPECT_EQ(engine().Get(key).value(), absl::nullopt);
    EXPECT_EQ(engine().Begin()->Get(key).value(), absl::nullopt);
    EXPECT_EQ(engine().Begin()->GetUntracked(key).value(), absl::nullopt);
  }
  EXPECT_THAT(Rows(), IsEmpty());
  EXPECT_THAT(engine().Begin()->Scan({}).value(), IsEmpty());
  EXPECT_THAT(engine().Begin()->ScanUntracked({}).value(), IsEmpty());
  EXPECT_FALSE(outcome.IsKnown());
  gate().Open();
  EXPECT_EQ(outcome.Wait(), absl::OkStatus());
  EXPECT_THAT(Rows(), ElementsAre("iso/k=v", "k=v"));
}

TEST_P(EngineContractTest, AnswersTransactionsWithoutWritesWithoutASync) {
  Put("k", "v");
  gate().Close();
  auto transaction = engine().Begin();
  ASSERT_EQ(transaction->Get("k").value(), "v");
  EXPECT_EQ(CommitAndWait(std::move(transaction)), absl::OkStatus());
}

TEST_P(EngineContractTest, ShowsACommitToWhoHasHeardOfIt) {
  for (int i = 0; i < 100; ++i) {
    Put("k", absl::StrCat(i));
    auto transaction = engine().Begin();
    ASSERT_EQ(transaction->Get("k").value(), absl::StrCat(i));
    // Nor does what has been heard of abort anything.
    transaction->Put("l", "");
    ASSERT_EQ(CommitAndWait(std::move(transaction)), absl::OkStatus());
  }
}

TEST_P(EngineContractTest, WritesWhatItBorrows) {
  const std::string first(100'000, 'a'), second(100'000, 'b');
  auto transaction = engine().Begin();
  transaction->PutBorrowed("k", first);
  transaction->Put("l", "own");
  transaction->PutBorrowed("l", second);
  transaction->PutBorrowed("m", second);
  transaction->Put("m", "own");
  ASSERT_EQ(CommitAndWait(std::move(transaction)), absl::OkStatus());
  auto read = engine().Begin();
  EXPECT_EQ(read->Get("k").value(), first);
  EXPECT_EQ(read->Get("l").value(), second);
  EXPECT_EQ(read->Get("m").value(), "own");
}

TEST_P(EngineContractTest, AbortsATransactionThatIsTooOld) {
  auto in_time = engine().Begin();
  in_time->Put("a", "");
  clock().Advance(limits::kMaxTransactionAge);
  EXPECT_EQ(CommitAndWait(std::move(in_time)), absl::OkStatus());

  auto blind = engine().Begin();
  blind->Put("b", "");
  auto reading = engine().Begin();
  ASSERT_EQ(reading->Get("c").value(), absl::nullopt);
  clock().Advance(limits::kMaxTransactionAge + 1);
  EXPECT_TRUE(absl::IsAborted(CommitAndWait(std::move(blind))));
  EXPECT_TRUE(absl::IsAborted(CommitAndWait(std::move(reading))));
  EXPECT_THAT(Rows(), ElementsAre("a="));
}

TEST_P(EngineContractTest, FindsConflictsToTheEndOfATransactionsLife) {
  auto transaction = engine().Begin();
  ASSERT_EQ(transaction->Get("k").value(), absl::nullopt);
  transaction->Put("l", "");
  Put("k", "1");
  clock().Advance(limits::kMaxTransactionAge);
  Put("other", "");
  EXPECT_TRUE(absl::IsAborted(CommitAndWait(std::move(transaction))));
}

TEST_P(EngineContractTest, FindsConflictsWhenTheClockIsSetBack) {
  auto transaction = engine().Begin();
  ASSERT_EQ(transaction->Get("k").value(), absl::nullopt);
  transaction->Put("l", "");
  Put("k", "1");
  clock().Advance(kHour);
  Put("other", "");
  clock().Set(clock().Now() - kHour);
  EXPECT_TRUE(absl::IsAborted(CommitAndWait(std::move(transaction))));
}

TEST_P(EngineContractTest, CompletesOnAThreadOfItsOwn) {
  absl::Notification done;
  std::thread::id thread;
  Write(engine(), "k", "v")->Commit([&](absl::Status) {
    thread = std::this_thread::get_id();
    done.Notify();
  });
  done.WaitForNotification();
  EXPECT_NE(thread, std::this_thread::get_id());
}

TEST_P(EngineContractTest, CommitsFromWithinDone) {
  absl::Notification done;
  absl::Status second;
  Write(engine(), "a", "1")->Commit([&](absl::Status first) {
    ASSERT_EQ(first, absl::OkStatus());
    ASSERT_EQ(engine().Get("a").value(), "1");
    Write(engine(), "b", "2")->Commit([&](absl::Status status) {
      second = status;
      done.Notify();
    });
  });
  done.WaitForNotification();
  EXPECT_EQ(second, absl::OkStatus());
  EXPECT_THAT(Rows(), ElementsAre("a=1", "b=2"));
}

TEST_P(EngineContractTest, GoesOnCommittingWhileACallbackTakesItsTime) {
  absl::Notification told;
  absl::Notification release;
  Write(engine(), "a", "1")->Commit([&](absl::Status) {
    told.Notify();
    release.WaitForNotification();
  });
  told.WaitForNotification();
  PendingOutcome second(Write(engine(), "b", "2"));
  while (engine().Get("b").value() != "2") std::this_thread::yield();
  EXPECT_FALSE(second.IsKnown());
  release.Notify();
  EXPECT_EQ(second.Wait(), absl::OkStatus());
}

TEST_P(EngineContractTest, CompletesEveryCommitBeforeItIsDestroyed) {
  constexpr int kCommits = 200;
  gate().Close();
  std::vector<PendingOutcome> outcomes;
  for (int i = 0; i < kCommits; ++i) {
    outcomes.emplace_back(Write(engine(), absl::StrCat(i), ""));
  }
  gate().AwaitArrival();
  gate().Open();
  harness_->Shut();
  for (PendingOutcome& outcome : outcomes) {
    ASSERT_TRUE(outcome.IsKnown());
    EXPECT_EQ(outcome.Wait(), absl::OkStatus());
  }
}

TEST_P(EngineContractTest, AnswersWhatIsCommittedWhileItIsDestroyed) {
  Engine& shut = engine();
  absl::Notification entered;
  absl::Status second = absl::UnknownError("never told");
  Write(shut, "a", "")->Commit([&](absl::Status) {
    entered.Notify();
    Write(shut, "b", "")->Commit([&](absl::Status status) { second = status; });
  });
  entered.WaitForNotification();
  harness_->Shut();
  EXPECT_TRUE(second.ok() || absl::IsUnavailable(second)) << second;
}

TEST_P(EngineContractTest, AnswersUnavailableWhenTooMuchIsWaiting) {
  const std::string value(limits::kMaxWaitingCommitBytes / 4, 'v');
  gate().Close();
  PendingOutcome held(Write(engine(), "held", ""));
  gate().AwaitArrival();
  std::vector<PendingOutcome> waiting;
  for (const char* key : {"a", "b", "c"}) {
    waiting.emplace_back(Write(engine(), key, value));
  }
  PendingOutcome refused(Write(engine(), "d", value));
  EXPECT_TRUE(absl::IsUnavailable(refused.Wait()));
  gate().Open();
  for (PendingOutcome& outcome : waiting) {
    EXPECT_EQ(outcome.Wait(), absl::OkStatus());
  }
  EXPECT_EQ(engine().Get("d").value(), absl::nullopt);
  Put("d", "room again");
}

TEST_P(EngineContractTest, RunsATransactionAgainUntilItCommits) {
  int runs = 0;
  absl::Status status =
      RunTransactionAndWait(engine(), [&](Transaction& transaction) {
        auto found = transaction.Get("k");
        EXPECT_EQ(found.value().has_value(), runs > 0);
        transaction.Put(absl::StrCat("run", ++runs), "");
        // The first run loses a race; its write must not survive.
        if (runs == 1) Put("k", "");
        return absl::OkStatus();
      });
  EXPECT_EQ(status, absl::OkStatus());
  EXPECT_EQ(runs, 2);
  EXPECT_THAT(Rows(), ElementsAre("k=", "run2="));
}

TEST_P(EngineContractTest, GivesUpAfterTenRetries) {
  // Grows old in each run, whatever thread that is on.
  int runs = 0;
  absl::Status status =
      RunTransactionAndWait(engine(), [&](Transaction& transaction) {
        ++runs;
        transaction.Put("k", "");
        clock().Advance(limits::kMaxTransactionAge + 1);
        return absl::OkStatus();
      });
  EXPECT_TRUE(absl::IsAborted(status));
  EXPECT_EQ(runs, 11);
  EXPECT_THAT(Rows(), IsEmpty());
}

TEST_P(EngineContractTest, WritesNothingWhenTheBodyGivesUp) {
  absl::Status status =
      RunTransactionAndWait(engine(), [&](Transaction& transaction) {
        transaction.Put("k", "");
        return absl::NotFoundError("no such account");
      });
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_THAT(Rows(), IsEmpty());
}

// Watches.

TEST_P(EngineContractTest, FiresAWatchOnceItsChangeIsVisible) {
  absl::Notification fired;
  auto watch = engine().SetWatch(KeyRange::Prefix("w/"), [&] {
    EXPECT_EQ(engine().Get("w/1").value(), "v");
    if (!fired.HasBeenNotified()) fired.Notify();
  });
  Put("w/1", "v");
  fired.WaitForNotification();
}

TEST_P(EngineContractTest, FiresAWatchOnDelete) {
  Put("w/1", "v");
  absl::Notification fired;
  auto watch = engine().SetWatch(KeyRange::Prefix("w/"), [&] {
    if (!engine().Get("w/1").value() && !fired.HasBeenNotified()) {
      fired.Notify();
    }
  });
  Delete("w/1");
  fired.WaitForNotification();
}

TEST_P(EngineContractTest, DoesNotFireADroppedWatch) {
  std::atomic<int> fired{0};
  auto watch = engine().SetWatch({}, [&] { ++fired; });
  Put("a", "");
  watch.reset();
  const int before = fired;
  EXPECT_EQ(before, 1);
  Put("b", "");
  EXPECT_EQ(fired, before);
}

TEST_P(EngineContractTest, WaitsForARunningCallbackWhenAWatchIsDropped) {
  absl::Notification entered;
  absl::Notification release;
  std::atomic<bool> ended{false};
  auto watch = engine().SetWatch({}, [&] {
    entered.Notify();
    release.WaitForNotification();
    ended = true;
  });
  PendingOutcome outcome(Write(engine(), "k", ""));
  entered.WaitForNotification();
  std::atomic<bool> ended_before_drop_returned{false};
  absl::Notification dropping;
  std::thread dropper([&] {
    dropping.Notify();
    watch.reset();
    ended_before_drop_returned = ended.load();
  });
  dropping.WaitForNotification();
  release.Notify();
  dropper.join();
  EXPECT_TRUE(ended_before_drop_returned);
  EXPECT_EQ(outcome.Wait(), absl::OkStatus());
}

TEST_P(EngineContractTest, LetsACallbackSetAndDropOtherWatches) {
  std::atomic<int> other_fired{0};
  std::unique_ptr<Watch> other;
  std::unique_ptr<Watch> later;
  const auto count = [&] { ++other_fired; };
  auto watch = engine().SetWatch(KeyRange::Prefix("a"), [&] {
    other.reset();
    later = engine().SetWatch(KeyRange::Prefix("c"), count);
  });
  // Set after the one that drops it, and touched by the same commit.
  other = engine().SetWatch(KeyRange::Prefix("a"), count);
  Put("a", "");
  EXPECT_EQ(other_fired, 0);
  Put("c", "");
  EXPECT_EQ(other_fired, 1);
}

TEST_P(EngineContractTest, TellsWhoFollowsWhatIsVisible) {
  std::vector<std::string> told;
  absl::Notification deleted;
  auto watch = engine().Follow(
      KeyRange::Prefix("w/"), [&](absl::Span<const KeyChange> changes) {
        for (const KeyChange& change : changes) {
          const auto visible = engine().Get(change.key).value();
          EXPECT_EQ(visible.has_value(), change.value.has_value());
          told.push_back(
              absl::StrCat(change.key, "=", change.value.value_or("deleted")));
          if (!change.value) deleted.Notify();
        }
      });
  Put("w/1", "v");
  Put("x/1", "v");
  Delete("w/1");
  deleted.WaitForNotification();
  EXPECT_THAT(told, ::testing::ElementsAre("w/1=v", "w/1=deleted"));
}

// Set, then scan, against a writer at full speed: whoever waits after a scan
// that lacked a row must be woken, or this test hangs.
TEST_P(EngineContractTest, NeverMissesACommitAfterAWatchWasSet) {
  constexpr int kRounds = 400;
  for (int i = 0; i < kRounds; ++i) {
    const std::string key = absl::StrCat("w/", i);
    PendingOutcome outcome(Write(engine(), key, ""));
    absl::Notification fired;
    auto watch = engine().SetWatch({key, key + "\x01"}, [&fired] {
      if (!fired.HasBeenNotified()) fired.Notify();
    });
    if (engine().Scan({key, key + "\x01"}).value().empty()) {
      ASSERT_TRUE(fired.WaitForNotificationWithTimeout(absl::Seconds(60)));
    }
    ASSERT_EQ(outcome.Wait(), absl::OkStatus());
  }
}

}  // namespace
}  // namespace frank::storage

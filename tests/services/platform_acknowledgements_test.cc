// Committing what many devices acknowledge: together, in bounded pieces, and
// whatever the store says to it.
#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "core/status.h"
#include "services/platform/acknowledgements.h"
#include "storage/schema.h"
#include "tests/services/receive_fixture.h"
#include "tests/storage/passing_engine.h"

namespace frank::platform {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Le;
using ::testing::SizeIs;

// Another engine whose transactions fail as it is told.
class FaultyEngine final : public storage::PassingEngine {
 public:
  explicit FaultyEngine(storage::Engine& engine) : PassingEngine(engine) {}

  // Set before there are transactions. What a tracked read fails with; what a
  // commit is answered with in place of being made, on a thread that is not the
  // caller's.
  std::function<absl::Status(absl::string_view key)> read_error;
  std::function<absl::Status()> commit_error;

  std::unique_ptr<storage::Transaction> Begin() override {
    absl::MutexLock lock(&mutex_);
    begun_on_.insert(std::this_thread::get_id());
    return std::make_unique<Faulty>(*this, PassingEngine::Begin());
  }

  // How many threads have begun transactions.
  size_t threads() const {
    absl::MutexLock lock(&mutex_);
    return begun_on_.size();
  }
  // How many keys each commit deleted.
  std::vector<size_t> deleted() const {
    absl::MutexLock lock(&mutex_);
    return deleted_;
  }

 private:
  class Faulty final : public storage::PassingTransaction {
   public:
    Faulty(FaultyEngine& of, std::unique_ptr<storage::Transaction> transaction)
        : PassingTransaction(std::move(transaction)), of_(of) {}
    absl::StatusOr<absl::optional<std::string>> Get(
        absl::string_view key) override {
      if (of_.read_error) FRANK_RETURN_IF_ERROR(of_.read_error(key));
      return PassingTransaction::Get(key);
    }
    void Delete(std::string key) override {
      ++deleted_;
      PassingTransaction::Delete(std::move(key));
    }
    void Commit(storage::CommitDone done) override {
      absl::Status error;
      if (of_.commit_error) error = of_.commit_error();
      if (error.ok()) {
        {
          absl::MutexLock lock(&of_.mutex_);
          of_.deleted_.push_back(deleted_);
        }
        return PassingTransaction::Commit(std::move(done));
      }
      std::thread([&] { done(std::move(error)); }).join();
    }

   private:
    FaultyEngine& of_;
    size_t deleted_ = 0;
  };

  mutable absl::Mutex mutex_;
  std::set<std::thread::id> begun_on_ ABSL_GUARDED_BY(mutex_);
  std::vector<size_t> deleted_ ABSL_GUARDED_BY(mutex_);
};

absl::Status Overloaded(UnixMillis retry_after) {
  return WithRetryAfter(absl::UnavailableError("too much waits"), retry_after);
}

class AcknowledgementsTest : public ReceiveTest {
 protected:
  storage::MailboxId MailboxOf(const TestAccount& account) {
    return authenticator_.AuthenticateDevice(account.call())->mailbox;
  }
  // Fails on the mark that bob's first message leaves.
  std::function<absl::Status(absl::string_view)> DamagedForBob() {
    return [key = storage::schema::AcknowledgedMessagesKey(
                MailboxOf(bob_), room_.room_uri(), 0)](absl::string_view read) {
      return read == key ? absl::DataLossError("damaged") : absl::OkStatus();
    };
  }
  // Adds what is told by its number.
  void Add(Acknowledgements& acknowledgements, const TestAccount& account,
           std::vector<uint64_t> sequences, int number) {
    acknowledgements.Add(
        {{MailboxOf(account), room_.room_uri(), std::move(sequences)}},
        /*at_once=*/true, [this, number](const absl::Status& status) {
          absl::MutexLock lock(&mutex_);
          told_.push_back(number);
          statuses_.push_back(status);
        });
  }
  void AwaitTold(size_t count) {
    const auto enough = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return told_.size() >= count;
    };
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&enough));
  }

  FaultyEngine faulty_{*engine_};
  absl::Mutex mutex_;
  std::vector<int> told_ ABSL_GUARDED_BY(mutex_);
  std::vector<absl::Status> statuses_ ABSL_GUARDED_BY(mutex_);
};

TEST_F(AcknowledgementsTest, GivesEachItsOwnOutcomeWhenOneCannotBeWritten) {
  faulty_.read_error = DamagedForBob();
  {
    Acknowledgements acknowledgements(faulty_);
    absl::MutexLock hold(&hold_commits_);
    Add(acknowledgements, alice_, {1}, 0);
    // It is on its way; those after it go together.
    while (faulty_.deleted().empty()) std::this_thread::yield();
    for (const TestAccount* account : {&alice_, &bob_, &alice_}) {
      Add(acknowledgements, *account, {1}, account == &bob_);
    }
  }
  absl::MutexLock lock(&mutex_);
  ASSERT_THAT(told_, SizeIs(4));
  for (size_t i = 0; i < told_.size(); ++i) {
    EXPECT_EQ(statuses_[i].ok(), told_[i] == 0) << statuses_[i];
  }
}

TEST_F(AcknowledgementsTest, EndsNoStreamButThatWhoseAcknowledgementIsLost) {
  TestAccount carol = Register("carol");
  v1::Room other = CreateRoom(alice_, {carol.uri});
  SendMany(1);
  auto message =
      Message(other.room_uri(), alice_.device(), {&alice_, &carol}, "to carol");
  ASSERT_TRUE(Send(alice_.device(), message)->has_accepted());
  faulty_.read_error = DamagedForBob();
  ReceiveHub hub(faulty_, clock_);
  FakeClient of_bob(hub, authenticator_, bob_.device());
  FakeClient of_carol(hub, authenticator_, carol.device());
  of_bob.Start(0, /*drain=*/true);
  of_carol.Start(0, /*drain=*/true);
  EXPECT_THAT(of_bob.UntilCaughtUp(), SizeIs(1));
  EXPECT_THAT(of_carol.UntilCaughtUp(), SizeIs(1));
  of_bob.Ack(room_.room_uri(), 1);
  of_carol.Ack(other.room_uri(), 1);
  EXPECT_TRUE(absl::IsDataLoss(of_bob.WaitClosed()));
  EXPECT_TRUE(of_carol.WaitClosed().ok());
}

TEST_F(AcknowledgementsTest, TriesInOrderWhatAnOverloadedStoreRefuses) {
  std::atomic<int> refusals{3};
  Acknowledgements* adds_to = nullptr;
  faulty_.commit_error = [&] {
    if (refusals == 0) return absl::OkStatus();
    // Gathered meanwhile.
    Add(*adds_to, bob_, {1}, 4 - refusals);
    --refusals;
    return Overloaded(/*retry_after=*/1);
  };
  Acknowledgements acknowledgements(faulty_);
  adds_to = &acknowledgements;
  Add(acknowledgements, alice_, {1}, 0);
  AwaitTold(4);
  absl::MutexLock lock(&mutex_);
  EXPECT_THAT(told_, ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(statuses_, Each(absl::OkStatus()));
}

TEST_F(AcknowledgementsTest, SaysInTheEndThatTheStoreTakesNothing) {
  std::atomic<int> tries{0};
  std::atomic<bool> refuses{true};
  faulty_.commit_error = [&] {
    ++tries;
    return refuses ? Overloaded(/*retry_after=*/1) : absl::OkStatus();
  };
  Acknowledgements acknowledgements(faulty_);
  Add(acknowledgements, alice_, {1}, 0);
  AwaitTold(1);
  EXPECT_GT(tries, 10);
  EXPECT_LT(tries, 100);
  refuses = false;
  Add(acknowledgements, alice_, {1}, 1);
  AwaitTold(2);
  absl::MutexLock lock(&mutex_);
  EXPECT_TRUE(absl::IsUnavailable(statuses_[0])) << statuses_[0];
  EXPECT_TRUE(statuses_[1].ok()) << statuses_[1];
}

TEST_F(AcknowledgementsTest, WaitsForNoStoreWhenItEnds) {
  absl::Notification refused;
  std::atomic<int> tries{0};
  faulty_.commit_error = [&] {
    if (tries++ == 0) refused.Notify();
    return Overloaded(/*retry_after=*/kHour);
  };
  {
    Acknowledgements acknowledgements(faulty_);
    Add(acknowledgements, alice_, {1}, 0);
    refused.WaitForNotification();
  }
  EXPECT_LE(tries, 2) << "the one under way, and one more";
  absl::MutexLock lock(&mutex_);
  ASSERT_THAT(statuses_, SizeIs(1));
  EXPECT_TRUE(absl::IsUnavailable(statuses_[0])) << statuses_[0];
}

TEST_F(AcknowledgementsTest, TriesOnItsOwnThreadWhatChangedMeanwhile) {
  std::atomic<int> aborts{3};
  faulty_.commit_error = [&] {
    return aborts-- > 0 ? absl::AbortedError("changed") : absl::OkStatus();
  };
  Acknowledgements acknowledgements(faulty_);
  Add(acknowledgements, alice_, {1}, 0);
  AwaitTold(1);
  EXPECT_EQ(faulty_.threads(), 1u);
  absl::MutexLock lock(&mutex_);
  EXPECT_TRUE(statuses_[0].ok()) << statuses_[0];
}

TEST_F(AcknowledgementsTest, CommitsMuchInBoundedPieces) {
  constexpr size_t kMany = 20;
  std::vector<uint64_t> thousand;
  for (uint64_t i = 1; i <= 1000; ++i) thousand.push_back(i);
  {
    Acknowledgements acknowledgements(faulty_);
    absl::MutexLock hold(&hold_commits_);
    for (size_t i = 0; i < kMany; ++i) {
      Add(acknowledgements, alice_, thousand, static_cast<int>(i));
    }
  }
  const std::vector<size_t> deleted = faulty_.deleted();
  EXPECT_THAT(deleted, Each(Le(4096u)));
  EXPECT_LE(deleted.size(), 8u) << "and no more of them than it needs";
  absl::MutexLock lock(&mutex_);
  EXPECT_THAT(told_, SizeIs(kMany));
}

}  // namespace
}  // namespace frank::platform

// The contract's conflicts: which reads a commit depends on.
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "tests/storage/engine_contract.h"

namespace frank::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Reader {
 public:
  explicit Reader(Engine& engine) : transaction_(engine.Begin()) {
    transaction_->Put("outcome", "committed");
  }
  Transaction* operator->() { return transaction_.get(); }
  absl::Status Commit() { return CommitAndWait(std::move(transaction_)); }

 private:
  std::unique_ptr<Transaction> transaction_;
};

TEST_P(EngineContractTest, AppliesAllWritesOfATransaction) {
  Put("c", "old");
  auto transaction = engine().Begin();
  transaction->Put("a", "1");
  transaction->Put("iso/b", "2");
  transaction->Delete("c");
  ASSERT_EQ(CommitAndWait(std::move(transaction)), absl::OkStatus());
  EXPECT_THAT(Rows(), ElementsAre("a=1", "iso/b=2"));
}

TEST_P(EngineContractTest, RefusesCommitWhenAKeyThatWasReadHasChanged) {
  Put("k", "1");
  Reader reader(engine());
  ASSERT_EQ(reader->Get("k").value(), "1");
  Put("k", "2");
  EXPECT_TRUE(absl::IsAborted(reader.Commit()));
  EXPECT_THAT(Rows(), ElementsAre("k=2"));
}

TEST_P(EngineContractTest, RefusesCommitWhenAnAbsentKeyHasAppeared) {
  Reader reader(engine());
  ASSERT_EQ(reader->Get("k").value(), absl::nullopt);
  Put("k", "1");
  EXPECT_TRUE(absl::IsAborted(reader.Commit()));
}

TEST_P(EngineContractTest, CountsADeleteAsAChange) {
  Put("k", "1");
  Reader by_key(engine());
  Reader by_range(engine());
  ASSERT_EQ(by_key->Get("k").value(), "1");
  ASSERT_THAT(ToRows(by_range->Scan({"j", "l"}).value()), ElementsAre("k=1"));
  Delete("k");
  EXPECT_TRUE(absl::IsAborted(by_key.Commit()));
  EXPECT_TRUE(absl::IsAborted(by_range.Commit()));
}

TEST_P(EngineContractTest, CountsAChangeThatWasTakenBackAsAChange) {
  Put("k", "1");
  Reader reader(engine());
  ASSERT_EQ(reader->Get("k").value(), "1");
  Put("k", "2");
  Put("k", "1");
  EXPECT_TRUE(absl::IsAborted(reader.Commit()));
}

TEST_P(EngineContractTest, CommitsWhenOnlyOtherKeysHaveChanged) {
  Put("k", "1");
  Reader reader(engine());
  ASSERT_EQ(reader->Get("k").value(), "1");
  ASSERT_THAT(reader->Scan({"m", "n"}).value(), IsEmpty());
  Put("j", "2");
  Put("k2", "2");
  Put("n", "2");
  EXPECT_EQ(reader.Commit(), absl::OkStatus());
}

TEST_P(EngineContractTest, RefusesPhantomInAScannedRange) {
  Put("a", "1");
  Put("c", "1");
  Reader reader(engine());
  ASSERT_THAT(reader->Scan({"a", "d"}).value(), ::testing::SizeIs(2));
  Put("b", "phantom");
  EXPECT_TRUE(absl::IsAborted(reader.Commit()));
}

TEST_P(EngineContractTest, RefusesPhantomInAnEmptyRange) {
  Reader reader(engine());
  ASSERT_THAT(reader->Scan(KeyRange::Prefix("p/")).value(), IsEmpty());
  Put("p/1", "phantom");
  EXPECT_TRUE(absl::IsAborted(reader.Commit()));
}

TEST_P(EngineContractTest, RefusesPhantomAboveTheLastKeyOfAWholeScan) {
  Put("a", "1");
  Reader reader(engine());
  ASSERT_THAT(reader->Scan({"a", "d"}, 2).value(), ::testing::SizeIs(1));
  Put("c", "phantom");
  EXPECT_TRUE(absl::IsAborted(reader.Commit()));
}

TEST_P(EngineContractTest, RefusesPhantomInAScanWithoutEnd) {
  Reader reader(engine());
  ASSERT_THAT(reader->Scan({"x", ""}).value(), IsEmpty());
  Put("\xff\xff", "phantom");
  EXPECT_TRUE(absl::IsAborted(reader.Commit()));
}

TEST_P(EngineContractTest, TracksACutScanOnlyUpToItsLastKey) {
  for (const char* key : {"b", "d", "f"}) Put(key, "1");
  Reader above(engine());
  Reader at_last(engine());
  Reader below(engine());
  for (Reader* reader : {&above, &at_last, &below}) {
    ASSERT_THAT(ToRows((*reader)->Scan({"a", "z"}, 2).value()),
                ElementsAre("b=1", "d=1"));
  }
  Put("e", "2");
  Put("f", "2");
  EXPECT_EQ(above.Commit(), absl::OkStatus());
  Put("d", "2");
  EXPECT_TRUE(absl::IsAborted(at_last.Commit()));
  Reader again(engine());
  ASSERT_THAT(again->Scan({"a", "z"}, 2).value(), ::testing::SizeIs(2));
  Put("a", "2");
  EXPECT_TRUE(absl::IsAborted(again.Commit()));
  EXPECT_TRUE(absl::IsAborted(below.Commit()));
}

TEST_P(EngineContractTest, IgnoresChangesOfUntrackedReads) {
  Put("k", "1");
  Reader reader(engine());
  ASSERT_EQ(reader->GetUntracked("k").value(), "1");
  ASSERT_THAT(reader->ScanUntracked({}).value(), ::testing::SizeIs(1));
  ASSERT_THAT(reader->Scan({}, 0).value(), IsEmpty());
  Put("k", "2");
  Put("l", "2");
  EXPECT_EQ(reader.Commit(), absl::OkStatus());
}

TEST_P(EngineContractTest, NeverRefusesBlindWrites) {
  auto first = engine().Begin();
  auto second = engine().Begin();
  first->Put("k", "1");
  second->Put("k", "2");
  EXPECT_EQ(CommitAndWait(std::move(second)), absl::OkStatus());
  EXPECT_EQ(CommitAndWait(std::move(first)), absl::OkStatus());
  EXPECT_THAT(Rows(), ElementsAre("k=1"));
}

TEST_P(EngineContractTest, RefusesWriteSkew) {
  Put("a", "on call");
  Put("b", "on call");
  auto first = engine().Begin();
  auto second = engine().Begin();
  for (Transaction* transaction : {first.get(), second.get()}) {
    ASSERT_EQ(transaction->Get("a").value(), "on call");
    ASSERT_EQ(transaction->Get("b").value(), "on call");
  }
  first->Put("a", "off");
  second->Put("b", "off");
  EXPECT_EQ(CommitAndWait(std::move(first)), absl::OkStatus());
  EXPECT_TRUE(absl::IsAborted(CommitAndWait(std::move(second))));
  EXPECT_THAT(Rows(), ElementsAre("a=off", "b=on call"));
}

TEST_P(EngineContractTest, ChecksTransactionsWithoutWrites) {
  auto unchanged = engine().Begin();
  auto changed = engine().Begin();
  ASSERT_EQ(unchanged->Get("a").value(), absl::nullopt);
  ASSERT_EQ(changed->Get("k").value(), absl::nullopt);
  Put("k", "1");
  EXPECT_EQ(CommitAndWait(std::move(unchanged)), absl::OkStatus());
  EXPECT_TRUE(absl::IsAborted(CommitAndWait(std::move(changed))));
}

TEST_P(EngineContractTest, RefusesOldReadAmongFreshOnes) {
  Reader reader(engine());
  ASSERT_EQ(reader->Get("k").value(), absl::nullopt);
  Put("k", "1");
  ASSERT_EQ(reader->Get("k").value(), "1");
  EXPECT_TRUE(absl::IsAborted(reader.Commit()));
}

TEST_P(EngineContractTest, CommitsWhenTheReadCameAfterTheChange) {
  Reader reader(engine());
  Put("k", "1");
  ASSERT_EQ(reader->Get("k").value(), "1");
  EXPECT_EQ(reader.Commit(), absl::OkStatus());
}

TEST_P(EngineContractTest, LosesNoIncrementOfConcurrentThreads) {
  constexpr int kThreads = 4;
  constexpr int kIncrements = 50;
  const auto increment = [](Transaction& transaction) {
    FRANK_ASSIGN_OR_RETURN(auto value, transaction.Get("n"));
    int n = 0;
    if (value && !absl::SimpleAtoi(*value, &n)) {
      return absl::InternalError("not a number");
    }
    transaction.Put("n", absl::StrCat(n + 1));
    return absl::OkStatus();
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int done = 0; done < kIncrements;) {
        absl::Status status = RunTransactionAndWait(engine(), increment);
        if (status.ok()) ++done;
        // Ten retries may all lose the race.
        ASSERT_TRUE(status.ok() || absl::IsAborted(status)) << status;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(engine().Get("n").value(), absl::StrCat(kThreads * kIncrements));
}

// Batches: the gate holds a first commit, behind it the others wait together.

TEST_P(EngineContractTest, ChecksAgainstEarlierTransactionsOfTheBatch) {
  gate().Close();
  auto holding = engine().Begin();
  holding->Put("held", "1");
  PendingOutcome held(std::move(holding));
  gate().AwaitArrival();
  auto first = engine().Begin();
  auto by_key = engine().Begin();
  auto by_range = engine().Begin();
  auto other = engine().Begin();
  ASSERT_EQ(by_key->Get("k").value(), absl::nullopt);
  ASSERT_THAT(by_range->Scan({"j", "l"}).value(), IsEmpty());
  ASSERT_EQ(other->Get("x").value(), absl::nullopt);
  first->Put("k", "first");
  by_key->Put("k", "second");
  by_range->Put("phantom", "third");
  other->Put("x", "fourth");
  PendingOutcome outcomes[] = {
      PendingOutcome(std::move(first)), PendingOutcome(std::move(by_key)),
      PendingOutcome(std::move(by_range)), PendingOutcome(std::move(other))};
  gate().Open();
  EXPECT_EQ(outcomes[0].Wait(), absl::OkStatus());
  EXPECT_TRUE(absl::IsAborted(outcomes[1].Wait()));
  EXPECT_TRUE(absl::IsAborted(outcomes[2].Wait()));
  EXPECT_EQ(outcomes[3].Wait(), absl::OkStatus());
  EXPECT_EQ(held.Wait(), absl::OkStatus());
  EXPECT_THAT(Rows(), ElementsAre("held=1", "k=first", "x=fourth"));
}

TEST_P(EngineContractTest, RefusesWhatWasReadWhileItsChangeBecameDurable) {
  Put("k", "1");
  gate().Close();
  auto change = engine().Begin();
  change->Put("k", "2");
  PendingOutcome changed(std::move(change));
  gate().AwaitArrival();
  Reader reader(engine());
  ASSERT_EQ(reader->Get("k").value(), "1");
  gate().Open();
  EXPECT_EQ(changed.Wait(), absl::OkStatus());
  EXPECT_TRUE(absl::IsAborted(reader.Commit()));
}

// Puts the next number of a counter, and a row under it.
void Count(Transaction& transaction) {
  transaction.PutAtCommit(
      "count",
      [](absl::optional<absl::string_view> value)
          -> absl::StatusOr<std::vector<KeyValue>> {
        int count = 0;
        if (value && !absl::SimpleAtoi(*value, &count)) {
          return absl::DataLossError("no number");
        }
        ++count;
        return std::vector<KeyValue>{
            {"count", absl::StrCat(count)},
            {absl::StrCat("row", absl::Dec(count, absl::kZeroPad4)), ""}};
      });
}

TEST_P(EngineContractTest, RefusesNobodyForACounterThatManyRaise) {
  constexpr int kThreads = 4;
  constexpr int kTogether = 8;
  constexpr int kTimes = 10;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < kTimes; ++j) {
        std::vector<std::unique_ptr<PendingOutcome>> outcomes;
        for (int k = 0; k < kTogether; ++k) {
          auto transaction = engine().Begin();
          Count(*transaction);
          outcomes.push_back(
              std::make_unique<PendingOutcome>(std::move(transaction)));
        }
        for (auto& outcome : outcomes) {
          EXPECT_EQ(outcome->Wait(), absl::OkStatus());
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  constexpr int kAll = kThreads * kTogether * kTimes;
  EXPECT_EQ(engine().Get("count").value(), absl::StrCat(kAll));
  // Each number once.
  EXPECT_EQ(Rows(KeyRange::Prefix("row")).size(), size_t{kAll});
}

TEST_P(EngineContractTest, MakesRowsOfWhatTheTransactionItselfPut) {
  Put("count", "1");
  auto transaction = engine().Begin();
  transaction->Put("count", "6");
  Count(*transaction);
  Count(*transaction);
  ASSERT_EQ(CommitAndWait(std::move(transaction)), absl::OkStatus());
  EXPECT_THAT(Rows(), ElementsAre("count=8", "row0007=", "row0008="));
}

TEST_P(EngineContractTest, RefusesACommitWhoseRowsCannotBeMade) {
  Put("count", "much");
  auto transaction = engine().Begin();
  transaction->Put("other", "");
  Count(*transaction);
  EXPECT_TRUE(absl::IsDataLoss(CommitAndWait(std::move(transaction))));
  EXPECT_THAT(Rows(), ElementsAre("count=much"));
}

TEST_P(EngineContractTest, RefusesWhoReadWhatWasPutAtCommit) {
  auto reader = engine().Begin();
  ASSERT_EQ(reader->Get("count").value(), absl::nullopt);
  reader->Put("other", "");
  auto transaction = engine().Begin();
  Count(*transaction);
  ASSERT_EQ(CommitAndWait(std::move(transaction)), absl::OkStatus());
  EXPECT_TRUE(absl::IsAborted(CommitAndWait(std::move(reader))));
}

}  // namespace
}  // namespace frank::storage

// The contract's reads: what is found, in which order, and what is not.
#include <atomic>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/storage/engine_contract.h"

namespace frank::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

INSTANTIATE_TEST_SUITE_P(Engines, EngineContractTest,
                         ::testing::ValuesIn(AllEngines()),
                         [](const auto& test) { return test.param.name; });

TEST_P(EngineContractTest, FindsWhatWasCommitted) {
  Put("k", "v");
  EXPECT_EQ(engine().Get("k").value(), "v");
  auto transaction = engine().Begin();
  EXPECT_EQ(transaction->Get("k").value(), "v");
  EXPECT_EQ(transaction->GetUntracked("k").value(), "v");
  EXPECT_THAT(ToRows(transaction->Scan({}).value()), ElementsAre("k=v"));
  EXPECT_THAT(ToRows(transaction->ScanUntracked({}).value()),
              ElementsAre("k=v"));
}

TEST_P(EngineContractTest, FindsNothingWhereNothingWasWritten) {
  EXPECT_EQ(engine().Get("k").value(), absl::nullopt);
  EXPECT_EQ(engine().Begin()->Get("k").value(), absl::nullopt);
  EXPECT_THAT(Rows(), IsEmpty());
}

TEST_P(EngineContractTest, FindsNothingAfterDelete) {
  Put("k", "v");
  Delete("k");
  EXPECT_EQ(engine().Get("k").value(), absl::nullopt);
  EXPECT_THAT(Rows(), IsEmpty());
}

TEST_P(EngineContractTest, KeepsLastWriteToAKey) {
  auto transaction = engine().Begin();
  transaction->Put("a", "1");
  transaction->Delete("a");
  transaction->Put("a", "2");
  transaction->Put("b", "1");
  transaction->Delete("b");
  ASSERT_EQ(CommitAndWait(std::move(transaction)), absl::OkStatus());
  EXPECT_THAT(Rows(), ElementsAre("a=2"));
}

TEST_P(EngineContractTest, HidesOwnWritesFromATransaction) {
  Put("b", "old");
  auto transaction = engine().Begin();
  transaction->Put("a", "new");
  transaction->Delete("b");
  EXPECT_EQ(transaction->Get("a").value(), absl::nullopt);
  EXPECT_EQ(transaction->GetUntracked("b").value(), "old");
  EXPECT_THAT(ToRows(transaction->Scan({}).value()), ElementsAre("b=old"));
}

TEST_P(EngineContractTest, WritesNothingOfADroppedTransaction) {
  engine().Begin()->Put("k", "v");
  EXPECT_THAT(Rows(), IsEmpty());
}

TEST_P(EngineContractTest, ScansInOrderOfUnsignedBytes) {
  for (const char* key : {"\xff", "b", "\x80", "a", "aa", "\x7f", "\x01"}) {
    Put(key, "");
  }
  EXPECT_THAT(
      Rows(),
      ElementsAre("\x01=", "a=", "aa=", "b=", "\x7f=", "\x80=", "\xff="));
}

TEST_P(EngineContractTest, ScansFromBeginUpToButWithoutEnd) {
  for (const char* key : {"a", "b", "c", "d"}) Put(key, "");
  EXPECT_THAT(Rows({"b", "d"}), ElementsAre("b=", "c="));
  EXPECT_THAT(Rows({"c", ""}), ElementsAre("c=", "d="));
  EXPECT_THAT(Rows({"", "b"}), ElementsAre("a="));
}

TEST_P(EngineContractTest, FindsNothingInARangeThatHoldsNoKey) {
  Put("b", "");
  EXPECT_THAT(Rows({"b", "b"}), IsEmpty());
  EXPECT_THAT(Rows({"c", "a"}), IsEmpty());
  EXPECT_THAT(engine().Scan({}, 0).value(), IsEmpty());
  auto transaction = engine().Begin();
  EXPECT_THAT(transaction->Scan({"c", "a"}).value(), IsEmpty());
  EXPECT_THAT(transaction->Scan({}, 0).value(), IsEmpty());
}

TEST_P(EngineContractTest, StopsAScanAtItsLimit) {
  for (const char* key : {"a", "b", "c"}) Put(key, "");
  EXPECT_THAT(ToRows(engine().Scan({}, 2).value()), ElementsAre("a=", "b="));
  EXPECT_THAT(ToRows(engine().Begin()->Scan({"b", ""}, 1).value()),
              ElementsAre("b="));
}

TEST_P(EngineContractTest, ScansDescendingFromTheEnd) {
  for (const char* key : {"a", "b", "c", "d"}) Put(key, "");
  const auto scan = [this](KeyRange range, size_t limit) {
    return ToRows(engine().Scan(range, limit, ScanOrder::kDescending).value());
  };
  EXPECT_THAT(scan({"b", "d"}, kNoLimit), ElementsAre("c=", "b="));
  EXPECT_THAT(scan({}, 2), ElementsAre("d=", "c="));
}

TEST_P(EngineContractTest, ScansAcrossIsolatedKeysInBothOrders) {
  for (const char* key : {"iso.", "iso/1", "iso/2", "iso0", "a", "z"}) {
    Put(key, "");
  }
  EXPECT_THAT(Rows(),
              ElementsAre("a=", "iso.=", "iso/1=", "iso/2=", "iso0=", "z="));
  EXPECT_THAT(
      ToRows(engine().Scan({"iso.", "z"}, 3, ScanOrder::kDescending).value()),
      ElementsAre("iso0=", "iso/2=", "iso/1="));
  EXPECT_THAT(Rows(KeyRange::Prefix("iso/")), ElementsAre("iso/1=", "iso/2="));
  EXPECT_EQ(engine().Get("iso/2").value(), "");
}

TEST_P(EngineContractTest, KeepsAnyBytesAndLargeValues) {
  const std::string key("\0k\0\xff", 4);
  const std::string large(5u << 20, '\xee');
  Put(key, large);
  Put("empty", "");
  EXPECT_EQ(engine().Get(key).value(), large);
  EXPECT_EQ(engine().Get("empty").value(), "");
  EXPECT_EQ(engine().Get(std::string("\0k\0", 3)).value(), absl::nullopt);
}

TEST_P(EngineContractTest, ScansPrefixesThatEndInTheHighestByte) {
  for (const char* key : {"a", "a\xff", "a\xff\xff", "b", "\xff", "\xff\xff"}) {
    Put(key, "");
  }
  EXPECT_THAT(Rows(KeyRange::Prefix("a\xff")),
              ElementsAre("a\xff=", "a\xff\xff="));
  EXPECT_THAT(Rows(KeyRange::Prefix("\xff")),
              ElementsAre("\xff=", "\xff\xff="));
  EXPECT_THAT(Rows(KeyRange::Prefix("\xff\xff")), ElementsAre("\xff\xff="));
}

TEST_P(EngineContractTest, KeepsOtherKeysThroughAPurge) {
  Put("iso/1", "kept");
  Put("iso/2", "gone");
  Put("k", "v");
  Delete("iso/2");
  ASSERT_EQ(engine().Purge(KeyRange::Prefix("iso/")), absl::OkStatus());
  ASSERT_EQ(engine().Purge(KeyRange{}), absl::OkStatus());
  EXPECT_THAT(Rows(), ElementsAre("iso/1=kept", "k=v"));
}

TEST(KeyRangeTest, EndsAPrefixAtTheNextKeyThatDoesNotStartWithIt) {
  EXPECT_EQ(KeyRange::Prefix("ab").end, "ac");
  EXPECT_EQ(KeyRange::Prefix("a\xff\xff").end, "b");
  EXPECT_EQ(KeyRange::Prefix("\x7f").end, "\x80");
  EXPECT_EQ(KeyRange::Prefix("\xff\xff").end, "");
  EXPECT_TRUE(KeyRange::Prefix("\xff").Contains("\xff\xff"));
  EXPECT_FALSE(KeyRange::Prefix("\xff").Contains("\xfe"));
}

// One row is always there: it moves about among deleted ones.
TEST_P(EngineContractTest, AScanSeesOneStateOfTheStore) {
  const auto key = [](uint64_t at) {
    return absl::StrCat("token/", absl::Dec(at, absl::kZeroPad3));
  };
  Put(key(0), "");
  std::atomic<bool> moving{true};
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (moving) {
        ASSERT_EQ(engine().Scan(KeyRange::Prefix("token/")).value().size(), 1u);
      }
    });
  }
  std::mt19937_64 random(1);
  uint64_t at = 0;
  for (int i = 0; i < 1000; ++i) {
    const uint64_t next = (at + 1 + random() % 499) % 500;
    auto transaction = engine().Begin();
    transaction->Delete(key(at));
    transaction->Put(key(next), "");
    ASSERT_EQ(CommitAndWait(std::move(transaction)), absl::OkStatus());
    at = next;
  }
  moving = false;
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace frank::storage

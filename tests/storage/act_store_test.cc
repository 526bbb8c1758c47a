#include "storage/act_store.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "storage/audit_store.h"
#include "storage/memory/memory_engine.h"
#include "storage/moderation_schema.h"

namespace frank::storage {
namespace {

constexpr char kSubject[] = "case:00";

// Few are looked at one by one, many are scanned: both find the same.
TEST(ActStoreTest, FindsTheActsThatAreThereWhateverIsMissing) {
  FakeClock clock(1'700'000'000'000);
  std::unique_ptr<MemoryEngine> engine = MemoryEngine::Make(clock);
  auto adding = engine->Begin();
  const std::vector<NewAct> acts(12, NewAct{"entry", std::string(32, 'h')});
  ASSERT_TRUE(AddActs(*adding, kSubject, 0, clock.Now(), acts).ok());
  for (uint64_t missing : {3, 4, 10}) {
    adding->Delete(schema::ActKey(kSubject, missing));
  }
  ASSERT_TRUE(CommitAndWait(std::move(adding)).ok());
  const std::vector<uint64_t> there = {1, 2, 5, 6, 7, 8, 9, 11, 12};
  for (uint64_t after = 0; after <= 13; ++after) {
    for (uint64_t last = 0; last <= 13; ++last) {
      for (size_t limit : {1, 4, 100}) {
        std::vector<uint64_t> expected, found;
        for (uint64_t number : there) {
          if (number > after && number <= last && expected.size() < limit) {
            expected.push_back(number);
          }
        }
        auto transaction = engine->Begin();
        const auto scanned =
            ScanActs(*transaction, kSubject, after, last, limit);
        for (const StoredAct& act : *scanned) found.push_back(act.number);
        EXPECT_EQ(found, expected) << after << " " << last << " " << limit;
      }
    }
  }
}

TEST(ActStoreTest, PutsActsThatAreAddedTogetherToWaitByOneRow) {
  FakeClock clock(1'700'000'000'000);
  std::unique_ptr<MemoryEngine> engine = MemoryEngine::Make(clock);
  const std::vector<NewAct> acts(3, NewAct{"entry", std::string(32, 'h')});
  for (uint64_t count : {0, 3}) {
    auto adding = engine->Begin();
    ASSERT_TRUE(AddActs(*adding, kSubject, count, clock.Now(), acts).ok());
    ASSERT_TRUE(CommitAndWait(std::move(adding)).ok());
    clock.Advance(1);
  }
  auto pending = ScanPending(*engine, 100);
  ASSERT_TRUE(pending.ok()) << pending.status();
  ASSERT_EQ(pending->size(), 2u);
  EXPECT_EQ(pending->front().last.subject, kSubject);
  EXPECT_EQ(pending->front().last.number, 3u);
  EXPECT_EQ(pending->back().last.number, 6u);
  EXPECT_EQ(pending->back().time, pending->front().time + 1);
}

}  // namespace
}  // namespace frank::storage

#include <memory>
#include <string>
#include <utility>

#include "core/clock.h"
#include "gtest/gtest.h"
#include "services/platform/token_cache.h"
#include "storage/engine.h"
#include "storage/memory/memory_engine.h"
#include "storage/record.h"
#include "storage/schema.h"
#include "tests/services/hooked_engine.h"

namespace frank::platform {
namespace {

using storage::TokenHash;

class TokenCacheTest : public testing::Test {
 protected:
  TokenCacheTest() {
    engine_.after_look = [this] { ++looks_; };
  }

  static TokenHash HashOf(uint8_t number) {
    return TokenHash({number, 1, 2, 3});
  }
  void Put(const TokenHash& hash, const std::string& account_uri) {
    storage::v1::TokenRecord record;
    record.set_account_uri(account_uri);
    auto transaction = engine_.Begin();
    transaction->Put(storage::schema::TokenKey(hash),
                     storage::EncodeRecord(record));
    ASSERT_TRUE(storage::CommitAndWait(std::move(transaction)).ok());
  }
  void Delete(const TokenHash& hash) {
    auto transaction = engine_.Begin();
    transaction->Delete(storage::schema::TokenKey(hash));
    ASSERT_TRUE(storage::CommitAndWait(std::move(transaction)).ok());
  }
  // Whose it is; "" where it is unknown.
  static std::string Find(TokenCache& cache, const TokenHash& hash) {
    TokenCache::Token token = cache.Find(hash).value();
    return token == nullptr ? "" : token->account_uri();
  }

  FakeClock clock_{1'700'000'000'000};
  std::unique_ptr<storage::Engine> memory_ =
      storage::MemoryEngine::Make(clock_);
  moderation::HookedEngine engine_{*memory_};
  int looks_ = 0;
};

TEST_F(TokenCacheTest, LooksATokenUpOnce) {
  Put(HashOf(1), "ann");
  TokenCache cache(engine_);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Find(cache, HashOf(1)), "ann");
  EXPECT_EQ(looks_, 1);
}

TEST_F(TokenCacheTest, LooksAnUnknownTokenUpEachTime) {
  TokenCache cache(engine_);
  EXPECT_EQ(Find(cache, HashOf(1)), "");
  Put(HashOf(1), "ann");
  EXPECT_EQ(Find(cache, HashOf(1)), "ann");
}

TEST_F(TokenCacheTest, KnowsAChangeOnceItIsAnswered) {
  Put(HashOf(1), "ann");
  Put(HashOf(2), "ben");
  TokenCache cache(engine_);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(Find(cache, HashOf(1)), "ann");
    EXPECT_EQ(Find(cache, HashOf(2)), "ben");
    Delete(HashOf(1));
    EXPECT_EQ(Find(cache, HashOf(1)), "");
    Put(HashOf(1), "ann");
  }
  // The other one stays known.
  EXPECT_EQ(looks_, 1 + 50 * 2);
}

TEST_F(TokenCacheTest, KeepsNothingThatWasReadBeforeAChange) {
  Put(HashOf(1), "ann");
  TokenCache cache(engine_);
  engine_.after_look = [this] {
    engine_.after_look = nullptr;
    Delete(HashOf(1));
  };
  // What was true when it was read.
  EXPECT_EQ(Find(cache, HashOf(1)), "ann");
  EXPECT_EQ(Find(cache, HashOf(1)), "");
}

TEST_F(TokenCacheTest, BeginsAnewWhenItIsFull) {
  for (uint8_t i = 0; i < 5; ++i) Put(HashOf(i), std::string(1, 'a' + i));
  TokenCache cache(engine_, /*most=*/2);
  for (int round = 0; round < 3; ++round) {
    for (uint8_t i = 0; i < 5; ++i) {
      EXPECT_EQ(Find(cache, HashOf(i)), std::string(1, 'a' + i));
    }
  }
  Delete(HashOf(4));
  EXPECT_EQ(Find(cache, HashOf(4)), "");
}

}  // namespace
}  // namespace frank::platform

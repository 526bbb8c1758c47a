#include "core/ids.h"

#include <gtest/gtest.h>

#include <type_traits>

#include "absl/container/flat_hash_set.h"

namespace frank {
namespace {

class CountingRandom final : public RandomSource {
 public:
  void Fill(absl::Span<uint8_t> out) override {
    for (uint8_t& byte : out) byte = next_++;
  }

 private:
  uint8_t next_ = 1;
};

TEST(IdTest, ParsesOnlyItsOwnLength) {
  for (size_t length = 0; length < 40; ++length) {
    auto id = DeviceId::Parse("device_id", Bytes(length, 3));
    EXPECT_EQ(id.ok(), length == DeviceId::kSize) << length;
  }
}

TEST(IdTest, NamesFieldAndRuleInTheRefusal) {
  absl::Status status = KeyId::Parse("key_id", Bytes(7)).status();
  auto violation = FindFieldViolation(status);
  ASSERT_TRUE(violation.has_value());
  EXPECT_EQ(violation->field, "key_id");
  EXPECT_EQ(violation->rule, "must be 8 bytes");
}

TEST(IdTest, IsDrawnFromTheSourceThatItIsGiven) {
  CountingRandom random;
  EXPECT_EQ(MessageId::Random(random).Hex(),
            "0102030405060708090a0b0c0d0e0f10");
  EXPECT_EQ(KeyId::Random(random).Hex(), "1112131415161718");
}

TEST(IdTest, ComparesAndHashesByItsBytes) {
  KeyId low = *KeyId::Parse("id", Bytes(8, 1));
  KeyId high = *KeyId::Parse("id", Bytes(8, 0xff));
  EXPECT_TRUE(low < high);
  EXPECT_FALSE(high < low);
  EXPECT_NE(low, high);
  absl::flat_hash_set<KeyId> set{low, high, low};
  EXPECT_EQ(set.size(), 2u);
}

TEST(IdTest, OfOneKindIsNotOfAnother) {
  EXPECT_FALSE((std::is_convertible_v<DeviceId, MessageId>));
  EXPECT_FALSE((std::is_constructible_v<DeviceId, MessageId>));
}

}  // namespace
}  // namespace frank

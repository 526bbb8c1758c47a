#include "crypto/secret.h"

#include <gtest/gtest.h>

#include <set>
#include <type_traits>
#include <utility>

#include "crypto/random.h"
#include "tests/crypto/support.h"

namespace frank::crypto {
namespace {

TEST(SecretTest, MovesAndNeverCopies) {
  EXPECT_FALSE(std::is_copy_constructible_v<Secret>);
  EXPECT_FALSE(std::is_copy_assignable_v<Secret>);
  Secret first = Secret::Copy(Bytes(32, 7));
  Secret second = std::move(first);
  EXPECT_EQ(second.bytes(), ByteSpan(Bytes(32, 7)));
  EXPECT_TRUE(first.empty());  // NOLINT: a moved-from secret holds nothing
  second = Secret::Copy(Bytes(3, 1));
  EXPECT_EQ(second.size(), 3u);
}

TEST(SecretTest, ClonesAndShrinks) {
  FakeRandom random;
  Secret secret = Secret::Random(random, 40);
  Secret clone = secret.Clone();
  secret.Shrink(8);
  EXPECT_EQ(secret.size(), 8u);
  EXPECT_EQ(clone.size(), 40u);
  EXPECT_EQ(secret.bytes(), clone.bytes().first(8));
  EXPECT_EQ(Secret::OfSize(4).bytes(), ByteSpan(Bytes(4)));
}

TEST(SecretTest, ComparesEveryByte) {
  Bytes bytes(64, 9);
  EXPECT_TRUE(ConstantTimeEquals(bytes, Bytes(64, 9)));
  EXPECT_TRUE(ConstantTimeEquals({}, {}));
  EXPECT_FALSE(ConstantTimeEquals(bytes, Bytes(63, 9)));
  for (size_t bit = 0; bit < 512; ++bit) {
    Bytes other = bytes;
    other[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    EXPECT_FALSE(ConstantTimeEquals(bytes, other)) << bit;
  }
}

TEST(SecretTest, CleansesBytes) {
  Bytes bytes(100, 1);
  Cleanse(absl::MakeSpan(bytes));
  EXPECT_EQ(bytes, Bytes(100));
}

TEST(SystemRandomTest, NeverRepeatsItself) {
  SystemRandom random;
  std::set<std::array<uint8_t, 16>> seen;
  for (int i = 0; i < 2000; ++i) {
    EXPECT_TRUE(seen.insert(random.Draw<16>()).second);
  }
  // Longer than any block that the source may keep.
  Bytes large(1 << 20), other(1 << 20);
  random.Fill(absl::MakeSpan(large));
  random.Fill(absl::MakeSpan(other));
  EXPECT_NE(large, other);
  EXPECT_NE(Bytes(large.end() - 32, large.end()), Bytes(32));
}

}  // namespace
}  // namespace frank::crypto

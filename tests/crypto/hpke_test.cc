#include "crypto/hpke.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/crypto/reference_hpke.h"
#include "tests/crypto/world.h"

namespace frank::crypto {
namespace {

class HpkeTest : public testing::Test {
 protected:
  bool Opens(ByteSpan message, ByteSpan info, ByteSpan aad) {
    auto opened = HpkeOpen(recipient_, info, aad, message);
    EXPECT_TRUE(opened.ok() || absl::IsUnauthenticated(opened.status()));
    return opened.ok() && opened->bytes() == ByteSpan(plaintext_);
  }
  bool OpensAuth(ByteSpan message, ByteSpan info, ByteSpan aad) {
    auto opened =
        HpkeOpenAuth(recipient_, sender_.public_key(), info, aad, message);
    EXPECT_TRUE(opened.ok() || absl::IsUnauthenticated(opened.status()));
    return opened.ok() && opened->bytes() == ByteSpan(plaintext_);
  }
  FakeRandom random_;
  HpkePrivateKey recipient_ = DeviceKey(1);
  HpkePrivateKey sender_ = DeviceKey(2);
  Bytes info_ = ToBytes("info");
  Bytes aad_ = ToBytes("aad");
  Bytes plaintext_ = ToBytes("hello");
  Bytes base_ =
      *HpkeSeal(recipient_.public_key(), info_, aad_, plaintext_, random_);
  Bytes auth_ = *HpkeSealAuth(recipient_.public_key(), sender_, info_, aad_,
                              plaintext_, random_);
};

TEST_F(HpkeTest, OpensExactlyWhatWasSealed) {
  ExpectOnlyExactly(base_, [&](ByteSpan m) { return Opens(m, info_, aad_); });
  ExpectOnlyExactly(info_, [&](ByteSpan i) { return Opens(base_, i, aad_); });
  ExpectOnlyExactly(aad_, [&](ByteSpan a) { return Opens(base_, info_, a); });
}

TEST_F(HpkeTest, OpensExactlyWhatItsSenderSealed) {
  ExpectOnlyExactly(auth_,
                    [&](ByteSpan m) { return OpensAuth(m, info_, aad_); });
  ExpectOnlyExactly(info_,
                    [&](ByteSpan i) { return OpensAuth(auth_, i, aad_); });
  ExpectOnlyExactly(aad_,
                    [&](ByteSpan a) { return OpensAuth(auth_, info_, a); });
}

TEST_F(HpkeTest, KeepsTheModesApart) {
  EXPECT_FALSE(Opens(auth_, info_, aad_));
  EXPECT_FALSE(OpensAuth(base_, info_, aad_));
}

TEST_F(HpkeTest, RefusesOtherKeys) {
  EXPECT_FALSE(HpkeOpen(DeviceKey(3), info_, aad_, base_).ok());
  EXPECT_FALSE(
      HpkeOpenAuth(recipient_, DeviceKey(3).public_key(), info_, aad_, auth_)
          .ok());
}

TEST_F(HpkeTest, SealsEmptyAndLargePlaintext) {
  for (size_t size : {0, 1, 1 << 20}) {
    Bytes plaintext(size, 7);
    auto sealed = HpkeSeal(recipient_.public_key(), {}, {}, plaintext, random_);
    ASSERT_TRUE(sealed.ok());
    EXPECT_EQ(sealed->size(), size + kHpkeOverhead);
    auto opened = HpkeOpen(recipient_, {}, {}, *sealed);
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ(opened->bytes(), ByteSpan(plaintext));
  }
}

TEST_F(HpkeTest, SealsAnewEachTime) {
  Bytes again =
      *HpkeSeal(recipient_.public_key(), info_, aad_, plaintext_, random_);
  EXPECT_NE(again, base_);
}

TEST_F(HpkeTest, SealsInPlaceToTheSameBytes) {
  Bytes message(plaintext_.size() + kHpkeOverhead);
  std::copy(plaintext_.begin(), plaintext_.end(), message.begin() + 32);
  FakeRandom one(7), two(7);
  ASSERT_TRUE(HpkeSealInPlace(recipient_.public_key(), info_, aad_,
                              absl::MakeSpan(message), one)
                  .ok());
  EXPECT_EQ(message,
            *HpkeSeal(recipient_.public_key(), info_, aad_, plaintext_, two));
  Bytes too_short(kHpkeOverhead - 1);
  EXPECT_FALSE(HpkeSealInPlace(recipient_.public_key(), {}, {},
                               absl::MakeSpan(too_short), one)
                   .ok());
}

TEST(HpkeKeyTest, RefusesPointsOfSmallOrderInEveryEncoding) {
  const char* kSmallOrder[] = {
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0100000000000000000000000000000000000000000000000000000000000000",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
      "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"};
  for (const char* hex : kSmallOrder) {
    Bytes key = Hex(hex);
    EXPECT_FALSE(HpkePublicKey::Create(key).ok()) << hex;
    key[31] |= 0x80;
    EXPECT_FALSE(HpkePublicKey::Create(key).ok()) << hex;
  }
}

TEST(HpkeKeyTest, TakesOnly32Bytes) {
  for (size_t size : {0, 31, 33}) {
    EXPECT_FALSE(HpkePublicKey::Create(Bytes(size, 9)).ok());
    EXPECT_FALSE(HpkePrivateKey::Create(Secret::Copy(Bytes(size, 9))).ok());
  }
}

TEST(HpkeKeyTest, ClampsAsX25519Does) {
  FakeRandom random;
  Bytes secret = random.Draw(32);
  secret[0] |= 7;
  secret[31] |= 128;
  Bytes clamped = secret;
  clamped[0] &= 248;
  clamped[31] = static_cast<uint8_t>((clamped[31] & 127) | 64);
  EXPECT_EQ(ReferencePublicKey(secret), ReferencePublicKey(clamped));
  auto key = HpkePrivateKey::Create(Secret::Copy(secret));
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(ByteSpan(key->public_key().bytes()),
            ByteSpan(ReferencePublicKey(clamped)));
}

}  // namespace
}  // namespace frank::crypto

#include "crypto/aead.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/crypto/support.h"

namespace frank::crypto {
namespace {

struct Sealed {
  Bytes key, nonce, aad, plaintext, ciphertext;
};

Sealed SealOf(size_t plaintext_size, size_t aad_size) {
  FakeRandom random(plaintext_size * 1000 + aad_size);
  Sealed out{random.Draw(16), random.Draw(12), random.Draw(aad_size),
             random.Draw(plaintext_size), Bytes(plaintext_size + 16)};
  EXPECT_TRUE(AeadSeal(out.key, out.nonce, out.aad, out.plaintext,
                       absl::MakeSpan(out.ciphertext))
                  .ok());
  return out;
}

bool Opens(const Sealed& s, ByteSpan key, ByteSpan nonce, ByteSpan aad,
           ByteSpan ciphertext) {
  Bytes out(std::max<size_t>(ciphertext.size(), 16) - 16, 0xEE);
  absl::Status status =
      AeadOpen(key, nonce, aad, ciphertext, absl::MakeSpan(out));
  if (!status.ok()) {
    EXPECT_TRUE(status.code() == absl::StatusCode::kInvalidArgument ||
                out == Bytes(out.size()))
        << "unverified plaintext was left behind";
    return false;
  }
  return out == s.plaintext;
}

// McGrew and Viega, test case 4: AES-128, 60 bytes, 20 bytes of associated
// data.
TEST(AeadTest, GivesTheCiphertextOfThePublishedCase) {
  Bytes key = Hex("feffe9928665731c6d6a8f9467308308");
  Bytes nonce = Hex("cafebabefacedbaddecaf888");
  Bytes aad = Hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  Bytes plaintext = Hex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95"
      "956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
  Bytes out(plaintext.size() + 16);
  ASSERT_TRUE(AeadSeal(key, nonce, aad, plaintext, absl::MakeSpan(out)).ok());
  EXPECT_EQ(
      ToHex(out),
      "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b2"
      "5466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95a"
      "e7121a47");
}

TEST(AeadTest, OpensNothingThatWasChanged) {
  Sealed s = SealOf(20, 20);
  ExpectOnlyExactly(s.ciphertext, [&](ByteSpan candidate) {
    return Opens(s, s.key, s.nonce, s.aad, candidate);
  });
  ExpectOnlyExactly(s.aad, [&](ByteSpan candidate) {
    return Opens(s, s.key, s.nonce, candidate, s.ciphertext);
  });
  ExpectOnlyExactly(s.key, [&](ByteSpan candidate) {
    return Opens(s, candidate, s.nonce, s.aad, s.ciphertext);
  });
  ExpectOnlyExactly(s.nonce, [&](ByteSpan candidate) {
    return Opens(s, s.key, candidate, s.aad, s.ciphertext);
  });
}

TEST(AeadTest, SealsAndOpensEverySizeAroundABlock) {
  for (size_t size : {0, 1, 15, 16, 17, 31, 32, 33, 65536, 1 << 20}) {
    for (size_t aad : {0, 1, 16, 100}) {
      Sealed s = SealOf(size, aad);
      EXPECT_TRUE(Opens(s, s.key, s.nonce, s.aad, s.ciphertext)) << size;
    }
  }
}

TEST(AeadTest, WorksInPlace) {
  Sealed s = SealOf(1000, 3);
  Bytes buffer = s.plaintext;
  buffer.resize(1016);
  absl::Span<uint8_t> span = absl::MakeSpan(buffer);
  ASSERT_TRUE(AeadSeal(s.key, s.nonce, s.aad, span.first(1000), span).ok());
  EXPECT_EQ(buffer, s.ciphertext);
  ASSERT_TRUE(AeadOpen(s.key, s.nonce, s.aad, span, span.first(1000)).ok());
  buffer.resize(1000);
  EXPECT_EQ(buffer, s.plaintext);
}

TEST(AeadTest, RefusesAnOutputOfAnotherLength) {
  Sealed s = SealOf(32, 0);
  for (size_t size : {0, 31, 47, 49}) {
    Bytes out(size);
    EXPECT_EQ(
        AeadSeal(s.key, s.nonce, {}, s.plaintext, absl::MakeSpan(out)).code(),
        absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(
        AeadOpen(s.key, s.nonce, {}, s.ciphertext, absl::MakeSpan(out)).code(),
        absl::StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace frank::crypto

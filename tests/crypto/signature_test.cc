#include "crypto/signature.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "crypto/encoding.h"
#include "tests/crypto/support.h"

namespace frank::crypto {
namespace {

Ed25519PrivateKey KeyOf(const Bytes& seed) {
  auto key = Ed25519PrivateKey::FromSeed(Secret::Copy(seed));
  EXPECT_TRUE(key.ok());
  return *key;
}

// Ed25519 without labels, to tie what the labels sign to RFC 8032.
Bytes PlainSign(const Bytes& seed, const Bytes& message) {
  EVP_PKEY* key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr,
                                               seed.data(), seed.size());
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  Bytes out(64);
  size_t size = out.size();
  EXPECT_EQ(EVP_DigestSignInit(context, nullptr, nullptr, nullptr, key), 1);
  EXPECT_EQ(EVP_DigestSign(context, out.data(), &size, message.data(),
                           message.size()),
            1);
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  return out;
}

struct Rfc8032Case {
  const char* seed;
  const char* public_key;
  const char* message;
  const char* signature;
};
constexpr Rfc8032Case kRfc8032[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb882159"
     "0"
     "a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43"
     "e"
     "15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538"
     "d"
     "16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
};

TEST(SignatureTest, HasTheKeysAndTheSignaturesOfRfc8032) {
  for (const Rfc8032Case& c : kRfc8032) {
    EXPECT_EQ(ToHex(KeyOf(Hex(c.seed)).public_key().bytes()), c.public_key);
    EXPECT_EQ(ToHex(PlainSign(Hex(c.seed), Hex(c.message))), c.signature);
  }
}

TEST(SignatureTest, SignsLabelAndContentAsRfc9420) {
  Bytes seed = Hex(kRfc8032[0].seed);
  for (size_t size : {0, 1, 63, 64, 200, 16384}) {
    Bytes content(size, 0x5a);
    auto signature = KeyOf(seed).SignWithLabel("FrankTestTBS", content);
    ASSERT_TRUE(signature.ok());
    Bytes message = Encoder().Vec("MLS 1.0 FrankTestTBS").Vec(content).Take();
    EXPECT_EQ(ToHex(*signature), ToHex(PlainSign(seed, message)));
  }
}

TEST(SignatureTest, VerifiesExactlyWhatWasSigned) {
  Ed25519PrivateKey key = KeyOf(Bytes(32, 7));
  const Ed25519PublicKey& public_key = key.public_key();
  Bytes content = ToBytes("content");
  Signature signature = *key.SignWithLabel("Label", content);
  Bytes bytes(signature.begin(), signature.end());
  ExpectOnlyExactly(bytes, [&](ByteSpan candidate) {
    return public_key.VerifyWithLabel("Label", content, candidate).ok();
  });
  ExpectOnlyExactly(content, [&](ByteSpan candidate) {
    return public_key.VerifyWithLabel("Label", candidate, bytes).ok();
  });
}

TEST(SignatureTest, RefusesAnotherLabelAndAnotherKey) {
  Ed25519PrivateKey key = KeyOf(Bytes(32, 7));
  Bytes content = ToBytes("content");
  Signature signature = *key.SignWithLabel("Label", content);
  for (const char* label : {"", "label", "Labe", "Label ", "MLS 1.0 Label"}) {
    EXPECT_EQ(
        key.public_key().VerifyWithLabel(label, content, signature).code(),
        absl::StatusCode::kUnauthenticated)
        << label;
  }
  EXPECT_EQ(KeyOf(Bytes(32, 8))
                .public_key()
                .VerifyWithLabel("Label", content, signature)
                .code(),
            absl::StatusCode::kUnauthenticated);
}

TEST(SignatureTest, TellsMalformedFromForged) {
  Ed25519PublicKey key = KeyOf(Bytes(32, 7)).public_key();
  EXPECT_EQ(key.VerifyWithLabel("Label", {}, Bytes(63)).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(key.VerifyWithLabel("Label", {}, Bytes(64)).code(),
            absl::StatusCode::kUnauthenticated);
}

// The 14 encodings of points of small order: 8 canonical, 6 not.
TEST(SignatureTest, RefusesEveryKeyOfSmallOrder) {
  const char* kSmallOrder[] = {
      "0100000000000000000000000000000000000000000000000000000000000000",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0000000000000000000000000000000000000000000000000000000000000080",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
      "0100000000000000000000000000000000000000000000000000000000000080",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  };
  for (const char* key : kSmallOrder) {
    EXPECT_EQ(Ed25519PublicKey::Create(Hex(key)).status().code(),
              absl::StatusCode::kInvalidArgument)
        << key;
  }
}

TEST(SignatureTest, RefusesKeysWhoseCoordinateIsNotReduced) {
  // y = p + i for every i that fits in 255 bits, with both signs.
  for (int low = 0xed; low <= 0xff; ++low) {
    for (uint8_t top : {0x7f, 0xff}) {
      Bytes key(32, 0xff);
      key[0] = static_cast<uint8_t>(low);
      key[31] = top;
      EXPECT_FALSE(Ed25519PublicKey::Create(key).ok()) << low;
    }
  }
  for (size_t size : {0, 31, 33, 64}) {
    EXPECT_FALSE(Ed25519PublicKey::Create(Bytes(size, 9)).ok()) << size;
    EXPECT_FALSE(
        Ed25519PrivateKey::FromSeed(Secret::Copy(Bytes(size, 9))).ok());
  }
}

}  // namespace
}  // namespace frank::crypto

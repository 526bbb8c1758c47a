#include "crypto/receipt.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "crypto/encoding.h"
#include "tests/crypto/world.h"

namespace frank::crypto {
namespace {

constexpr char kReporter[] = "mimi://hub.example/u/rita";

Ed25519PrivateKey SignerOf(uint8_t byte) {
  return *Ed25519PrivateKey::FromSeed(Secret::Copy(Bytes(32, byte)));
}

class ReceiptTest : public testing::Test {
 protected:
  ReceiptTest() {
    signed_.receipt.report_id = ReportId(ToArray<16>(Bytes(16, 7)));
    signed_.receipt.reporter_uri = kReporter;
    signed_.receipt.received_at = kNow;
    signed_.receipt.sealed_sha256 = Sha256({AsBytes("sealed")});
    SignWith({kNow, kNow + kDay, key_.public_key()});
  }
  void SignWith(const ReceiptKeyRecord& record) {
    signed_.key = *Sign(record, moderation_);
    signed_.signature = *SignReceipt(signed_.receipt, key_);
  }
  absl::StatusCode Verify() {
    return VerifyReceipt(signed_, moderation_.public_key()).code();
  }
  bool VerifiesWithKey(ByteSpan record, ByteSpan signature) {
    if (signature.size() != kSignatureBytes) return false;
    SignedReceipt other = signed_;
    other.key.record.assign(record.begin(), record.end());
    other.key.signature = ToArray<kSignatureBytes>(signature);
    return VerifyReceipt(other, moderation_.public_key()).ok();
  }

  Ed25519PrivateKey moderation_ = SignerOf(1);
  Ed25519PrivateKey key_ = SignerOf(2);
  SignedReceipt signed_;
};

TEST_F(ReceiptTest, IsMadeOfTheLabelAndTheFieldsInTheirOrder) {
  Bytes tbs = Encoder()
                  .Raw(Bytes(16, 7))
                  .Vec(absl::string_view(kReporter))
                  .U64(kNow)
                  .Raw(Sha256({AsBytes("sealed")}))
                  .Take();
  EXPECT_TRUE(key_.public_key()
                  .VerifyWithLabel("FrankReceiptTBS", tbs, signed_.signature)
                  .ok());
  EXPECT_EQ(Verify(), absl::StatusCode::kOk);
}

TEST_F(ReceiptTest, IsTheSameWhenItIsMadeAgain) {
  EXPECT_EQ(*SignReceipt(signed_.receipt, key_), signed_.signature);
}

TEST_F(ReceiptTest, VerifiesNothingNearTheSignedFields) {
  const SignedReceipt good = signed_;
  for (size_t bit = 0; bit < 8 * ReportId::kSize; ++bit) {
    auto id = ToArray<16>(good.receipt.report_id.bytes());
    id[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    signed_.receipt.report_id = ReportId(id);
    EXPECT_EQ(Verify(), absl::StatusCode::kUnauthenticated) << bit;
  }
  signed_ = good;
  for (size_t bit = 0; bit < 256; ++bit) {
    signed_.receipt.sealed_sha256 = good.receipt.sealed_sha256;
    signed_.receipt.sealed_sha256[bit / 8] ^=
        static_cast<uint8_t>(1 << bit % 8);
    EXPECT_EQ(Verify(), absl::StatusCode::kUnauthenticated) << bit;
  }
  signed_ = good;
  signed_.receipt.received_at = kNow + 1;
  EXPECT_EQ(Verify(), absl::StatusCode::kUnauthenticated);
  signed_ = good;
  signed_.receipt.reporter_uri = absl::StrCat(kReporter, "2");
  EXPECT_EQ(Verify(), absl::StatusCode::kUnauthenticated);
}

TEST_F(ReceiptTest, VerifiesNothingNearTheSignature) {
  Bytes signature(signed_.signature.begin(), signed_.signature.end());
  ExpectOnlyExactly(signature, [&](ByteSpan candidate) {
    if (candidate.size() != kSignatureBytes) return false;
    SignedReceipt other = signed_;
    other.signature = ToArray<kSignatureBytes>(candidate);
    return VerifyReceipt(other, moderation_.public_key()).ok();
  });
}

TEST_F(ReceiptTest, VerifiesNothingNearTheKeysRecord) {
  Bytes signature(signed_.key.signature.begin(), signed_.key.signature.end());
  ExpectOnlyExactly(signed_.key.record, [&](ByteSpan candidate) {
    return VerifiesWithKey(candidate, signature);
  });
  ExpectOnlyExactly(signature, [&](ByteSpan candidate) {
    return VerifiesWithKey(signed_.key.record, candidate);
  });
}

TEST_F(ReceiptTest, RefusesAnotherIdentityKeyAndAnotherReceiptKey) {
  EXPECT_EQ(VerifyReceipt(signed_, key_.public_key()).code(),
            absl::StatusCode::kUnauthenticated);
  signed_.signature = *SignReceipt(signed_.receipt, moderation_);
  EXPECT_EQ(Verify(), absl::StatusCode::kUnauthenticated)
      << "the identity key signs records only";
}

TEST_F(ReceiptTest, HoldsOnlyInTheWindowOfItsKey) {
  SignWith({kNow + 1, kNow + kDay, key_.public_key()});
  EXPECT_EQ(Verify(), absl::StatusCode::kFailedPrecondition);
  SignWith({kNow - kDay, kNow, key_.public_key()});
  EXPECT_EQ(Verify(), absl::StatusCode::kFailedPrecondition);
  SignWith({kNow - kDay, kNow + 1, key_.public_key()});
  EXPECT_EQ(Verify(), absl::StatusCode::kOk);
}

TEST_F(ReceiptTest, RefusesARecordWithAnEmptyWindowOrAnUnusableKey) {
  EXPECT_EQ(Sign(ReceiptKeyRecord{kNow, kNow, key_.public_key()}, moderation_)
                .status()
                .code(),
            absl::StatusCode::kInvalidArgument);
  Bytes record = Encoder().U64(1).U64(2).Vec(ByteSpan(Bytes(32, 0))).Take();
  EXPECT_EQ(ParseReceiptKeyRecord(record).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(ReceiptTest, KeyIsNoOtherRecordAndNoOtherRecordIsAKey) {
  EXPECT_FALSE(ParseReviewKeyRecord(signed_.key.record).ok());
  EXPECT_FALSE(ParseFrankingKeys(signed_.key.record).ok());
  EXPECT_FALSE(ParseDeviceList(signed_.key.record).ok());
  ReviewKeyRecord review{kNow, kNow + kDay, DeviceKey(5).public_key()};
  EXPECT_FALSE(ParseReceiptKeyRecord(Serialize(review)).ok());
}

TEST_F(ReceiptTest, IsNotSignedForABadUri) {
  signed_.receipt.reporter_uri = "";
  EXPECT_EQ(SignReceipt(signed_.receipt, key_).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace frank::crypto

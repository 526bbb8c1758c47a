#include "crypto/appeal.h"

#include <gtest/gtest.h>

#include "core/limits.h"
#include "crypto/report.h"
#include "tests/crypto/world.h"

namespace frank::crypto {
namespace {

class SealedAppealTest : public testing::Test {
 protected:
  bool Opens(const AppealBinding& binding, ByteSpan sealed) {
    auto opened = OpenAppeal(review_, binding, sealed);
    return opened.ok() && opened->bytes() == ByteSpan(content_);
  }
  FakeRandom random_;
  HpkePrivateKey review_ = DeviceKey(7);
  AppealBinding binding_{ReviewKeyId::Random(random_),
                         DecisionId::Random(random_), kMallory};
  Bytes content_ = random_.Draw(100);
  Bytes sealed_ =
      *SealAppeal(review_.public_key(), binding_, content_, random_);
};

TEST_F(SealedAppealTest, HasOneLengthWhateverItSays) {
  EXPECT_TRUE(Opens(binding_, sealed_));
  for (size_t size : {size_t{0}, size_t{1}, limits::kPaddedAppealBytes - 1}) {
    content_ = random_.Draw(size);
    Bytes sealed =
        *SealAppeal(review_.public_key(), binding_, content_, random_);
    EXPECT_EQ(sealed.size(), limits::kSealedAppealBytes);
    EXPECT_TRUE(Opens(binding_, sealed)) << size;
  }
  Bytes too_long = random_.Draw(limits::kPaddedAppealBytes);
  EXPECT_EQ(SealAppeal(review_.public_key(), binding_, too_long, random_)
                .status()
                .code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(SealedAppealTest, RefusesChanges) {
  // Every bit of enc, tag and the first block; the rest at the distance of a
  // prime, since each bit costs a Diffie-Hellman.
  for (size_t bit = 0; bit < sealed_.size() * 8;
       bit += bit < 400 || bit + 128 >= sealed_.size() * 8 ? 1 : 127) {
    Bytes flipped = sealed_;
    flipped[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    EXPECT_FALSE(Opens(binding_, flipped)) << bit;
  }
  for (size_t size = 0; size < sealed_.size(); size += 61) {
    EXPECT_FALSE(Opens(binding_, ByteSpan(sealed_).first(size))) << size;
  }
  sealed_.push_back(0);
  EXPECT_FALSE(Opens(binding_, sealed_));
}

TEST_F(SealedAppealTest, IsBoundToAccountDecisionAndKey) {
  AppealBinding other = binding_;
  other.account_uri = kAlice;
  EXPECT_FALSE(Opens(other, sealed_));
  other = binding_;
  other.decision_id = DecisionId();
  EXPECT_FALSE(Opens(other, sealed_));
  other = binding_;
  other.review_key_id = ReviewKeyId();
  EXPECT_FALSE(Opens(other, sealed_));
  EXPECT_FALSE(OpenAppeal(DeviceKey(8), binding_, sealed_).ok());
}

TEST_F(SealedAppealTest, IsNoReportAndNoReportIsAnAppeal) {
  ReportBinding report{
      binding_.review_key_id,
      ReportId(ToArray<ReportId::kSize>(binding_.decision_id.bytes())),
      binding_.account_uri};
  EXPECT_FALSE(OpenReport(review_, report, sealed_).ok());
  // A report of the same length, by its class.
  Bytes sealed =
      *SealReport(review_.public_key(), report, Bytes(16000), random_);
  ASSERT_EQ(sealed.size(), limits::kSealedAppealBytes);
  EXPECT_FALSE(OpenAppeal(review_, binding_, sealed).ok());
}

}  // namespace
}  // namespace frank::crypto

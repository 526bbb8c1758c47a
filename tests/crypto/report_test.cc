#include "crypto/report.h"

#include <gtest/gtest.h>

#include "core/limits.h"
#include "tests/crypto/world.h"

namespace frank::crypto {
namespace {

class SealedReportTest : public testing::Test {
 protected:
  bool Opens(const ReportBinding& binding, ByteSpan sealed) {
    auto opened = OpenReport(review_, binding, sealed);
    return opened.ok() && opened->bytes() == ByteSpan(content_);
  }
  FakeRandom random_;
  HpkePrivateKey review_ = DeviceKey(7);
  ReportBinding binding_{ReviewKeyId::Random(random_),
                         ReportId::Random(random_), kAlice};
  Bytes content_ = random_.Draw(100);
  Bytes sealed_ =
      *SealReport(review_.public_key(), binding_, content_, random_);
};

TEST_F(SealedReportTest, HasTheSizeOfItsClass) {
  EXPECT_EQ(sealed_.size(), 4096 + kHpkeOverhead);
  EXPECT_TRUE(Opens(binding_, sealed_));
}

TEST_F(SealedReportTest, RefusesChanges) {
  // Every bit of enc, tag and the first block; the rest at the distance of a
  // prime, since each bit costs a Diffie-Hellman.
  for (size_t bit = 0; bit < sealed_.size() * 8; bit += bit < 400 ? 1 : 211) {
    Bytes flipped = sealed_;
    flipped[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    EXPECT_FALSE(Opens(binding_, flipped)) << bit;
  }
  for (size_t bit = (sealed_.size() - 16) * 8; bit < sealed_.size() * 8;
       ++bit) {
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

TEST_F(SealedReportTest, IsBoundToReporterReportAndKey) {
  ReportBinding other = binding_;
  other.reporter_uri = kMallory;
  EXPECT_FALSE(Opens(other, sealed_));
  other = binding_;
  other.report_id = ReportId();
  EXPECT_FALSE(Opens(other, sealed_));
  other = binding_;
  other.review_key_id = ReviewKeyId();
  EXPECT_FALSE(Opens(other, sealed_));
  EXPECT_EQ(OpenReport(DeviceKey(8), binding_, sealed_).status().code(),
            absl::StatusCode::kUnauthenticated);
}

TEST_F(SealedReportTest, TakesEmptyAndLargestContent) {
  constexpr size_t kLargest = limits::kMaxSealedReportBytes - kHpkeOverhead - 1;
  for (size_t size : {size_t{0}, kLargest}) {
    content_.assign(size, 3);
    auto sealed = SealReport(review_.public_key(), binding_, content_, random_);
    ASSERT_TRUE(sealed.ok()) << sealed.status();
    EXPECT_TRUE(Opens(binding_, *sealed));
  }
  content_.assign(kLargest + 1, 3);
  EXPECT_EQ(SealReport(review_.public_key(), binding_, content_, random_)
                .status()
                .code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(
      OpenReport(review_, binding_, Bytes(limits::kMaxSealedReportBytes + 1))
          .status()
          .code(),
      absl::StatusCode::kInvalidArgument);
}

class VerdictTest : public testing::TestWithParam<FrankForm> {
 protected:
  FakeRandom random_;
  Bytes salt_ = random_.Draw(32);
  Bytes content_ = *EncodePart("text/plain", AsBytes("a threat"));
  WholeOpening opening_{salt_, content_};
  FrankingTag tag_ = *CommitWhole(opening_);
  KeyRing ring_ = RingOf(GetParam());
  Frank frank_ = StampOne(ring_, tag_);
};

TEST_P(VerdictTest, ProvesAndSaysWhatWasChecked) {
  auto judged = Judge(frank_, opening_, &ring_);
  ASSERT_TRUE(judged.ok());
  EXPECT_EQ(judged->verdict, Verdict::kProven);
  EXPECT_EQ(judged->window_not_before, kNow);
  EXPECT_EQ(judged->window_not_after, kNow + kDay);
  EXPECT_EQ(judged->form, GetParam());
  EXPECT_EQ(judged->signature_verified, GetParam() != FrankForm::kNone);
}

TEST_P(VerdictTest, GivesTheFirstThatApplies) {
  WholeOpening malformed{ByteSpan(salt_).first(31), content_};
  Bytes other = *EncodePart("text/plain", AsBytes("a lie"));
  WholeOpening wrong{salt_, other};
  KeyWindow gone;
  gone.not_before = kNow;
  gone.not_after = kNow + kDay;
  gone.tombstone = true;
  KeyRing tombstone = RingOf(std::move(gone));
  KeyRing other_ring = RingOf(GetParam(), 9);

  EXPECT_EQ(VerdictOn(frank_, malformed, &tombstone), Verdict::kMalformed);
  EXPECT_EQ(VerdictOn(frank_, Opening(), nullptr), Verdict::kMalformed);
  EXPECT_EQ(VerdictOn(frank_, wrong, &tombstone), Verdict::kExpiredKey);
  EXPECT_EQ(VerdictOn(frank_, wrong, nullptr), Verdict::kUnknownKey);
  EXPECT_EQ(VerdictOn(frank_, wrong, &other_ring), Verdict::kForgedFrank);
  EXPECT_EQ(VerdictOn(frank_, wrong, &ring_), Verdict::kBadOpening);
  frank_.accepted_timestamp = kNow + kDay;
  EXPECT_EQ(VerdictOn(frank_, opening_, &ring_), Verdict::kUnknownKey);
}

TEST_P(VerdictTest, ClaimsNothingOfAWindowThatWasNotThere) {
  auto judged = Judge(frank_, opening_, nullptr);
  ASSERT_TRUE(judged.ok());
  EXPECT_FALSE(judged->window_not_before.has_value());
  EXPECT_FALSE(judged->form.has_value());
  EXPECT_FALSE(judged->signature_verified);
}

TEST_P(VerdictTest, ChecksTheFieldsAsTheyCame) {
  KeyRings rings = *KeyRings::Create({ring_});
  FrankFields fields = FieldsOf(frank_);
  EXPECT_EQ(Judge(fields, opening_, rings)->verdict, Verdict::kProven);
  FrankFields bad = fields;
  bad.ciphersuite = 2;
  EXPECT_EQ(Judge(bad, opening_, rings)->verdict, Verdict::kMalformed);
  bad = fields;
  bad.room_uri = "mimi://other.example/r/1";
  EXPECT_EQ(Judge(bad, opening_, rings)->verdict, Verdict::kUnknownKey);
}

INSTANTIATE_TEST_SUITE_P(Forms, VerdictTest,
                         testing::Values(FrankForm::kNone, FrankForm::kEach,
                                         FrankForm::kBatched));

TEST(WindowFormTest, TakesNoSignatureWhereTheWindowHasOne) {
  // The same hub_key, but the window demands a signature that is not there.
  FakeRandom random;
  Bytes salt = random.Draw(32), content = *EncodePart("", AsBytes("x"));
  WholeOpening opening{salt, content};
  KeyRing unsigned_ring = RingOf(FrankForm::kNone);
  KeyRing signing_ring = RingOf(FrankForm::kBatched);
  FrankingTag tag = *CommitWhole(opening);
  EXPECT_EQ(VerdictOn(StampOne(unsigned_ring, tag), opening, &signing_ring),
            Verdict::kForgedFrank);
  EXPECT_EQ(VerdictOn(StampOne(signing_ring, tag), opening, &unsigned_ring),
            Verdict::kForgedFrank);
}

}  // namespace
}  // namespace frank::crypto

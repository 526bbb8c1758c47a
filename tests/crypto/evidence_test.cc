#include "crypto/evidence.h"

#include <gtest/gtest.h>

#include "core/limits.h"
#include "crypto/encoding.h"
#include "tests/crypto/world.h"

namespace frank::crypto {
namespace {

Ed25519PrivateKey SignerOf(uint8_t byte) {
  return *Ed25519PrivateKey::FromSeed(Secret::Copy(Bytes(32, byte)));
}

class EvidencePackageTest : public testing::Test {
 protected:
  Bytes Seal(ByteSpan archive) {
    auto sealed = SealEvidence(id_, recipient_.public_key(), archive, random_);
    EXPECT_TRUE(sealed.ok()) << sealed.status();
    return sealed.value_or(Bytes());
  }
  absl::StatusOr<OpenedEvidence> Open(ByteSpan package) {
    return OpenEvidence(package, recipient_);
  }

  FakeRandom random_;
  const HpkePrivateKey recipient_ = DeviceKey(3);
  const ExportId id_ = ExportId(ToArray<16>(Bytes(16, 9)));
};

TEST_F(EvidencePackageTest, GivesItsRecipientTheArchive) {
  for (size_t size : {size_t{1}, limits::kChunkBytes, limits::kChunkBytes + 1,
                      3 * limits::kChunkBytes}) {
    Bytes archive = random_.Draw(size);
    auto opened = Open(Seal(archive));
    ASSERT_TRUE(opened.ok()) << size;
    EXPECT_EQ(opened->archive.bytes(), ByteSpan(archive));
    EXPECT_EQ(opened->id, id_);
  }
}

TEST_F(EvidencePackageTest, OpensOnlyExactly) {
  const Bytes package = Seal(AsBytes("a case"));
  ExpectOnlyExactly(package,
                    [&](ByteSpan candidate) { return Open(candidate).ok(); });
}

TEST_F(EvidencePackageTest, RefusesAChunkInAnothersPlace) {
  const size_t sealed = limits::kChunkBytes + 16;
  Bytes package = Seal(Bytes(2 * limits::kChunkBytes, 7));
  std::swap_ranges(package.end() - 2 * sealed, package.end() - sealed,
                   package.end() - sealed);
  EXPECT_EQ(Open(package).status().code(), absl::StatusCode::kUnauthenticated);
}

TEST_F(EvidencePackageTest, SaysThatItIsSealedToAnotherKey) {
  EXPECT_EQ(OpenEvidence(Seal(Bytes(9)), DeviceKey(4)).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Open(AsBytes("frank-evidence/1\n")).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(EvidencePackageTest, IsNotMadeOfTooMuchOrNothing) {
  EXPECT_FALSE(SealEvidence(id_, recipient_.public_key(), {}, random_).ok());
  Bytes large(limits::kMaxArchiveBytes + 1);
  EXPECT_FALSE(SealEvidence(id_, recipient_.public_key(), large, random_).ok());
}

TEST(EvidenceKeyTest, IsVouchedForByModerationAlone) {
  const EvidenceKeyRecord record{kNow, kNow + kDay, SignerOf(2).public_key()};
  auto signed_record = *Sign(record, SignerOf(1));
  auto opened = OpenEvidenceKeyRecord(signed_record, SignerOf(1).public_key());
  ASSERT_TRUE(opened.ok());
  EXPECT_TRUE(opened->public_key == record.public_key);
  EXPECT_TRUE(opened->Holds(kNow));
  EXPECT_FALSE(opened->Holds(kNow + kDay));
  EXPECT_EQ(OpenEvidenceKeyRecord(signed_record, SignerOf(3).public_key())
                .status()
                .code(),
            absl::StatusCode::kUnauthenticated);
  ExpectOnlyExactly(signed_record.record, [&](ByteSpan candidate) {
    SignedRecord other = signed_record;
    other.record.assign(candidate.begin(), candidate.end());
    return OpenEvidenceKeyRecord(other, SignerOf(1).public_key()).ok();
  });
  EXPECT_FALSE(
      Sign(EvidenceKeyRecord{kNow, kNow, record.public_key}, SignerOf(1)).ok());
}

class SignedVerdictTest : public testing::Test {
 protected:
  SignedVerdictTest() {
    statement_.report_id = ReportId(ToArray<16>(Bytes(16, 7)));
    statement_.sealed_sha256 = Sha256({AsBytes("sealed")});
    statement_.message = 2;
    statement_.verdict = Verdict::kProven;
    statement_.franking_tag = Bytes(32, 5);
    statement_.context = EncodeContext({kMallory, kRoom, kNow});
    statement_.form = 2;
    statement_.window_not_before = kNow;
    statement_.window_not_after = kNow + kDay;
    statement_.stated_at = kNow + 1;
    signature_ = *SignVerdict(statement_, key_);
  }
  bool Holds() {
    return VerifyVerdict(statement_, signature_, key_.public_key()).ok();
  }

  Ed25519PrivateKey key_ = SignerOf(2);
  VerdictStatement statement_;
  Signature signature_{};
};

TEST_F(SignedVerdictTest, IsMadeOfTheLabelAndTheFieldsInTheirOrder) {
  Bytes tbs = Encoder()
                  .Raw(Bytes(16, 7))
                  .Raw(Sha256({AsBytes("sealed")}))
                  .U32(2)
                  .U8(6)
                  .Vec(ByteSpan(Bytes(32, 5)))
                  .Vec(ByteSpan(EncodeContext({kMallory, kRoom, kNow})))
                  .U8(2)
                  .U64(kNow)
                  .U64(kNow + kDay)
                  .U64(kNow + 1)
                  .Take();
  EXPECT_TRUE(key_.public_key()
                  .VerifyWithLabel("FrankVerdictTBS", tbs, signature_)
                  .ok());
  EXPECT_TRUE(Holds());
}

TEST_F(SignedVerdictTest, HoldsForNothingElse) {
  const VerdictStatement good = statement_;
  const auto fails = [&](auto change) {
    statement_ = good;
    change(&statement_);
    EXPECT_FALSE(Holds());
  };
  fails([](auto* s) { s->report_id = ReportId(); });
  fails([](auto* s) { s->sealed_sha256[31] ^= 1; });
  fails([](auto* s) { ++s->message; });
  fails([](auto* s) { s->verdict = Verdict::kForgedFrank; });
  fails([](auto* s) { s->franking_tag[0] ^= 1; });
  fails([](auto* s) { s->franking_tag.clear(); });
  fails([](auto* s) { s->context.back() ^= 1; });
  fails([](auto* s) { std::swap(s->franking_tag, s->context); });
  fails([](auto* s) { s->form = 1; });
  fails([](auto* s) { std::swap(s->window_not_before, s->window_not_after); });
  fails([](auto* s) { ++s->stated_at; });
  statement_ = good;
  EXPECT_FALSE(VerifyVerdict(good, signature_, SignerOf(3).public_key()).ok());
  EXPECT_FALSE(
      VerifyManifest(AsBytes("{}"), signature_, key_.public_key()).ok());
}

}  // namespace
}  // namespace frank::crypto

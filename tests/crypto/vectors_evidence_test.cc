// evidence: packages, the keys that sign them, verdicts.
#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "crypto/evidence.h"
#include "tests/crypto/support.h"
#include "tests/crypto/vectors.h"

namespace frank::crypto {
namespace {

Bytes ArchiveOf(const Bytes& seed, uint64_t length) {
  Bytes archive;
  for (uint32_t block = 0; archive.size() < length; ++block) {
    Sha256Digest digest = Sha256({seed, BigEndian(block)});
    archive.insert(archive.end(), digest.begin(), digest.end());
  }
  archive.resize(length);
  return archive;
}

Ed25519PrivateKey SignerOf(const Bytes& seed) {
  return Ed25519PrivateKey::FromSeed(Secret::Copy(seed)).value();
}

void CheckPackage(VectorObject& c) {
  auto key =
      HpkePrivateKey::Create(Secret::Copy(c.Hex("recipient_private_key")));
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(ToHex(key->public_key().bytes()),
            ToHex(c.Hex("recipient_public_key")));
  const Bytes archive = ArchiveOf(c.Hex("archive_seed"), c.Number("length"));
  const ExportId id(ToArray<16>(c.Hex("export_id")));
  Bytes drawn = c.Hex("file_root_salt");
  for (const char* next : {"file_key", "ephemeral_private_key"}) {
    Bytes bytes = c.Hex(next);
    drawn.insert(drawn.end(), bytes.begin(), bytes.end());
  }
  FixedRandom random(drawn);
  auto package = SealEvidence(id, key->public_key(), archive, random);
  ASSERT_TRUE(package.ok()) << package.status();
  EXPECT_EQ(ToHex(Sha256({*package})), ToHex(c.Hex("package_sha256")));
  if (c.Has("package")) {
    EXPECT_EQ(ToHex(*package), ToHex(c.Hex("package")));
  }
  auto opened = OpenEvidence(*package, *key);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->archive.bytes(), ByteSpan(archive));
}

void CheckKey(VectorObject& c) {
  const Ed25519PrivateKey moderation = SignerOf(c.Hex("moderation_seed"));
  const Ed25519PrivateKey key = SignerOf(c.Hex("evidence_seed"));
  EXPECT_EQ(ToHex(key.public_key().bytes()), ToHex(c.Hex("public_key")));
  auto record = Sign(EvidenceKeyRecord{c.Number("not_before"),
                                       c.Number("not_after"), key.public_key()},
                     moderation);
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(ToHex(record->record), ToHex(c.Hex("record")));
  EXPECT_EQ(ToHex(record->signature), ToHex(c.Hex("key_signature")));
  EXPECT_TRUE(OpenEvidenceKeyRecord(*record, moderation.public_key()).ok());
  const Bytes manifest = c.Hex("manifest");
  EXPECT_EQ(ToHex(SignManifest(manifest, key).value()),
            ToHex(c.Hex("signature")));
}

void CheckVerdict(VectorObject& c) {
  VerdictStatement statement;
  statement.report_id = ReportId(ToArray<16>(c.Hex("report_id")));
  statement.sealed_sha256 = ToArray<32>(c.Hex("sealed_sha256"));
  statement.message = static_cast<uint32_t>(c.Number("message"));
  statement.verdict = static_cast<Verdict>(c.Number("verdict"));
  statement.franking_tag = c.Hex("franking_tag");
  statement.context = c.Hex("context");
  statement.form = static_cast<uint8_t>(c.Number("form"));
  statement.window_not_before = c.Number("window_not_before");
  statement.window_not_after = c.Number("window_not_after");
  statement.stated_at = c.Number("stated_at");
  const Ed25519PrivateKey key = SignerOf(c.Hex("evidence_seed"));
  const Bytes signature = c.Hex("signature");
  EXPECT_EQ(ToHex(SignVerdict(statement, key).value()), ToHex(signature));
  EXPECT_TRUE(VerifyVerdict(statement, signature, key.public_key()).ok());
}

TEST(EvidenceVectorsTest, MakesAndOpensEach) {
  WithVectorFile("evidence", [](VectorObject& file) {
    file.Each("packages", CheckPackage);
    file.Each("keys", CheckKey);
    file.Each("verdicts", CheckVerdict);
  });
}

}  // namespace
}  // namespace frank::crypto

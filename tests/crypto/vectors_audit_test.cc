// checkpoint (roots and entries), negative_checkpoint (entries). The signed
// notes wait: see WaitingKinds.
#include <gtest/gtest.h>

#include "crypto/audit_entry.h"
#include "crypto/merkle_tree.h"
#include "crypto/signature.h"
#include "tests/crypto/vectors.h"

namespace frank::crypto {
namespace {

void CheckEntry(VectorObject& e) {
  AuditEntry entry{e.Number("time"), e.Text("actor"), e.Text("act"),
                   e.Text("subject"), e.Text("details")};
  Bytes bytes = e.Hex("entry");
  auto made = Serialize(entry);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(ToHex(*made), ToHex(bytes));
  auto parsed = ParseAuditEntry(bytes);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->details, entry.details);
}

void CheckRoots(VectorObject& file, const std::vector<Bytes>& leaves) {
  file.Each("cases", [&](VectorObject& c) {
    uint64_t size = c.Number("tree_size");
    ASSERT_LE(size, leaves.size());
    std::vector<ByteSpan> views(leaves.begin(), leaves.begin() + size);
    EXPECT_EQ(ToHex(MerkleRoot(views)), ToHex(c.Hex("root_hash")));
    EXPECT_FALSE(c.Text("note_text").empty());
    EXPECT_FALSE(c.Text("signed_note").empty());
  });
}

TEST(AuditVectorsTest, HasTheRootsAndTheEntries) {
  std::vector<Bytes> leaves;
  WithVectorFile("merkle_log", [&](VectorObject& file) {
    leaves = file.HexList("leaves");
    file.Dismiss();
  });
  if (leaves.empty()) GTEST_SKIP() << "roots are those of merkle_log";
  WithVectorFile("checkpoint", [&](VectorObject& file) {
    auto key =
        Ed25519PrivateKey::FromSeed(Secret::Copy(file.Hex("signing_key")));
    ASSERT_TRUE(key.ok());
    EXPECT_EQ(ToHex(key->public_key().bytes()),
              ToHex(file.Hex("signature_public_key")));
    EXPECT_EQ(file.Text("vkey").find(file.Text("key_name") + "+"), 0u);
    CheckRoots(file, leaves);
    file.Each("entries", CheckEntry);
  });
}

TEST(AuditVectorsTest, JudgesEntries) {
  WithNegativeFile("negative_checkpoint",
                   [](const std::string& kind, VectorObject& c) {
                     EXPECT_EQ(kind, "entry");
                     return ParseAuditEntry(c.Hex("entry")).ok();
                   });
}

}  // namespace
}  // namespace frank::crypto

// checkpoint and negative_checkpoint: roots, signed notes and entries.
#include <gtest/gtest.h>

#include "crypto/audit_entry.h"
#include "crypto/checkpoint.h"
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

void CheckCheckpoint(const CheckpointSigner& signer,
                     const std::vector<Bytes>& leaves, VectorObject& c) {
  uint64_t size = c.Number("tree_size");
  ASSERT_LE(size, leaves.size());
  std::vector<ByteSpan> views(leaves.begin(), leaves.begin() + size);
  Checkpoint checkpoint{size, MerkleRoot(views)};
  EXPECT_EQ(ToHex(checkpoint.root), ToHex(c.Hex("root_hash")));
  std::string note = c.Text("signed_note");
  EXPECT_EQ(note.find(c.Text("note_text") + "\n"), 0u);
  auto made = signer.Sign(checkpoint);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(*made, note);
  auto opened = signer.verifier().Open(note);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->size, size);
  EXPECT_EQ(opened->root, checkpoint.root);
}

TEST(AuditVectorsTest, HasTheCheckpointsAndTheEntries) {
  std::vector<Bytes> leaves;
  WithVectorFile("merkle_log", [&](VectorObject& file) {
    leaves = file.HexList("leaves");
    file.Dismiss();
  });
  WithVectorFile("checkpoint", [&](VectorObject& file) {
    ASSERT_FALSE(leaves.empty()) << "roots are those of merkle_log.json";
    auto key =
        Ed25519PrivateKey::FromSeed(Secret::Copy(file.Hex("signing_key")));
    ASSERT_TRUE(key.ok());
    EXPECT_EQ(ToHex(key->public_key().bytes()),
              ToHex(file.Hex("signature_public_key")));
    auto signer = CheckpointSigner::Create(file.Text("key_name"), *key);
    ASSERT_TRUE(signer.ok()) << signer.status();
    EXPECT_EQ(signer->verifier().Vkey(), file.Text("vkey"));
    file.Each("cases",
              [&](VectorObject& c) { CheckCheckpoint(*signer, leaves, c); });
    file.Each("entries", CheckEntry);
  });
}

bool Opens(VectorObject& c) {
  std::string vkey = c.Text("vkey");
  std::string note = c.Text("signed_note");
  auto verifier = CheckpointVerifier::ParseVkey(vkey);
  return verifier.ok() && verifier->Open(note).ok();
}

TEST(AuditVectorsTest, JudgesCheckpointsAndEntries) {
  WithNegativeFile("negative_checkpoint",
                   [](const std::string& kind, VectorObject& c) {
                     if (kind == "checkpoint") return Opens(c);
                     EXPECT_EQ(kind, "entry");
                     return ParseAuditEntry(c.Hex("entry")).ok();
                   });
}

}  // namespace
}  // namespace frank::crypto

// commitment_whole, commitment_parts, negative_openings.
#include <gtest/gtest.h>

#include "crypto/commitment.h"
#include "crypto/encoding.h"
#include "crypto/merkle_tree.h"
#include "tests/crypto/vectors.h"

namespace frank::crypto {
namespace {

std::vector<ByteSpan> Views(const std::vector<Bytes>& bytes) {
  return std::vector<ByteSpan>(bytes.begin(), bytes.end());
}

bool Opens(const Bytes& tag, const Opening& opening) {
  auto parsed = FrankingTag::Parse("franking_tag", tag);
  return parsed.ok() && VerifyOpening(*parsed, opening).ok();
}

TEST(CommitmentVectorsTest, CommitsToWholeContent) {
  WithVectorFile("commitment_whole", [](VectorObject& file) {
    file.Each("cases", [](VectorObject& vector_case) {
      Bytes salt = vector_case.Hex("salt");
      Bytes content = vector_case.Hex("content");
      Bytes tag = vector_case.Hex("franking_tag");
      WholeOpening opening{salt, content, vector_case.Flag("mimi_content")};
      auto committed = CommitWhole(opening);
      ASSERT_TRUE(committed.ok()) << committed.status();
      EXPECT_EQ(ToHex(committed->bytes()), ToHex(tag));
      EXPECT_TRUE(Opens(tag, opening));
    });
  });
}

void CheckPartOpening(VectorObject& vector_case, const Bytes& tag,
                      const PartsCommitment& commitment) {
  uint32_t size = static_cast<uint32_t>(vector_case.Number("size"));
  uint32_t index = static_cast<uint32_t>(vector_case.Number("index"));
  Bytes salt = vector_case.Hex("part_salt");
  Bytes part = vector_case.Hex("part");
  std::vector<Bytes> path = vector_case.HexList("audit_path");
  auto proof = commitment.Prove(index);
  ASSERT_TRUE(proof.ok());
  EXPECT_EQ(commitment.size(), size);
  EXPECT_EQ(proof->part_salt.bytes(), ByteSpan(salt));
  ASSERT_EQ(proof->inclusion_proof.size(), path.size());
  for (size_t i = 0; i < path.size(); ++i) {
    EXPECT_EQ(ByteSpan(proof->inclusion_proof[i]), ByteSpan(path[i]));
  }
  EXPECT_TRUE(
      Opens(tag, SomePartsOpening{size, {{index, salt, part, Views(path)}}}));
}

// The tree's root, from the openings alone where there are any.
MerkleHash RootOf(const Bytes& root_salt, const std::vector<Bytes>& parts) {
  HmacKey root(root_salt);
  std::vector<MerkleHash> leaves;
  for (size_t i = 0; i < parts.size(); ++i) {
    Bytes input = Encoder().Label("frank/1 part").U32(i).Take();
    Sha256Digest salt = root.Mac({input});
    leaves.push_back(HashLeaf({HmacKey(salt).Mac({parts[i]})}));
  }
  return MerkleTree(std::move(leaves)).Root();
}

TEST(CommitmentVectorsTest, CommitsToPartsAndOpensEach) {
  WithVectorFile("commitment_parts", [](VectorObject& file) {
    file.Each("cases", [](VectorObject& vector_case) {
      Bytes root_salt = vector_case.Hex("root_salt");
      std::vector<Bytes> parts = vector_case.HexList("parts");
      Bytes tag = vector_case.Hex("franking_tag");
      PartsOpening opening{root_salt, Views(parts)};
      auto commitment = PartsCommitment::Create(opening);
      ASSERT_TRUE(commitment.ok()) << commitment.status();
      EXPECT_EQ(ToHex(commitment->tag().bytes()), ToHex(tag));
      EXPECT_EQ(ToHex(RootOf(root_salt, parts)),
                ToHex(vector_case.Hex("merkle_root")));
      EXPECT_TRUE(Opens(tag, opening));
      vector_case.Each("openings", [&](VectorObject& one) {
        CheckPartOpening(one, tag, *commitment);
      });
    });
  });
}

bool AcceptsWhole(VectorObject& c) {
  Bytes salt = c.Hex("salt");
  Bytes content = c.Hex("content");
  return Opens(c.Hex("franking_tag"),
               WholeOpening{salt, content, c.Flag("mimi_content")});
}

bool AcceptsParts(VectorObject& c) {
  Bytes root_salt = c.Hex("root_salt");
  std::vector<Bytes> parts = c.HexList("parts");
  return Opens(c.Hex("franking_tag"), PartsOpening{root_salt, Views(parts)});
}

bool AcceptsSomeParts(VectorObject& c) {
  struct Owned {
    uint32_t index;
    Bytes salt, part;
    std::vector<Bytes> proof;
  };
  std::vector<Owned> owned;
  c.Each("parts", [&](VectorObject& part) {
    owned.push_back({static_cast<uint32_t>(part.Number("index")),
                     part.Hex("part_salt"), part.Hex("part"),
                     part.HexList("inclusion_proof")});
  });
  SomePartsOpening opening{static_cast<uint32_t>(c.Number("size")), {}};
  for (const Owned& part : owned) {
    opening.parts.push_back(
        {part.index, part.salt, part.part, Views(part.proof)});
  }
  return Opens(c.Hex("franking_tag"), opening);
}

bool AcceptsInclusion(VectorObject& c) {
  Bytes leaf = c.Hex("leaf");
  Bytes root = c.Hex("root");
  uint64_t index = c.Number("index");
  uint64_t size = c.Number("size");
  std::vector<Bytes> nodes = c.HexList("proof");
  auto proof = ParseMerkleProof("proof", Views(nodes));
  return proof.ok() && VerifyInclusion(leaf, index, size, root, *proof).ok();
}

bool AcceptsConsistency(VectorObject& c) {
  Bytes old_root = c.Hex("old_root");
  Bytes new_root = c.Hex("new_root");
  uint64_t old_size = c.Number("old_size");
  uint64_t new_size = c.Number("new_size");
  std::vector<Bytes> nodes = c.HexList("proof");
  auto proof = ParseMerkleProof("proof", Views(nodes));
  return proof.ok() &&
         VerifyConsistency(old_size, new_size, old_root, new_root, *proof).ok();
}

TEST(CommitmentVectorsTest, JudgesOpeningsAndProofs) {
  WithNegativeFile("negative_openings",
                   [](const std::string& kind, VectorObject& c) {
                     if (kind == "whole") return AcceptsWhole(c);
                     if (kind == "parts") return AcceptsParts(c);
                     if (kind == "some_parts") return AcceptsSomeParts(c);
                     if (kind == "inclusion") return AcceptsInclusion(c);
                     if (kind == "consistency") return AcceptsConsistency(c);
                     ADD_FAILURE() << "unknown kind " << kind;
                     return false;
                   });
}

}  // namespace
}  // namespace frank::crypto

// merkle_log: tree heads and proofs, made and verified.
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/numbers.h"
#include "crypto/merkle_tree.h"
#include "tests/crypto/vectors.h"

namespace frank::crypto {
namespace {

std::vector<ByteSpan> Views(const std::vector<Bytes>& bytes, size_t count) {
  return std::vector<ByteSpan>(bytes.begin(), bytes.begin() + count);
}

MerkleTree TreeOf(const std::vector<Bytes>& entries, size_t count) {
  std::vector<MerkleHash> leaves;
  for (size_t i = 0; i < count; ++i) leaves.push_back(HashLeaf({entries[i]}));
  return MerkleTree(std::move(leaves));
}

void ExpectProof(const MerkleProof& made, const std::vector<Bytes>& given) {
  ASSERT_EQ(made.size(), given.size());
  for (size_t i = 0; i < made.size(); ++i) {
    EXPECT_EQ(ByteSpan(made[i]), ByteSpan(given[i])) << i;
  }
}

struct Log {
  std::vector<Bytes> leaves;
  std::map<uint64_t, Bytes> roots;
};

void ReadLog(VectorObject& file, Log* log) {
  log->leaves = file.HexList("leaves");
  for (auto& [size_text, root] : file.HexMap("roots")) {
    uint64_t size = 0;
    ASSERT_TRUE(absl::SimpleAtoi(size_text, &size)) << size_text;
    ASSERT_LE(size, log->leaves.size());
    log->roots[size] = root;
    EXPECT_EQ(ByteSpan(MerkleRoot(Views(log->leaves, size))), ByteSpan(root))
        << size;
  }
}

TEST(MerkleVectorsTest, MakesAndVerifiesRootsAndProofs) {
  WithVectorFile("merkle_log", [](VectorObject& file) {
    Log log;
    ReadLog(file, &log);
    file.Each("inclusion", [&](VectorObject& c) {
      uint64_t index = c.Number("index");
      uint64_t size = c.Number("size");
      std::vector<Bytes> given = c.HexList("proof");
      ASSERT_LT(index, size);
      ASSERT_LE(size, log.leaves.size());
      MerkleTree tree = TreeOf(log.leaves, size);
      MerkleProof proof = tree.InclusionProof(index);
      ExpectProof(proof, given);
      EXPECT_TRUE(
          VerifyInclusion(log.leaves[index], index, size, tree.Root(), proof)
              .ok());
    });
    file.Each("consistency", [&](VectorObject& c) {
      uint64_t old_size = c.Number("old_size");
      uint64_t new_size = c.Number("new_size");
      std::vector<Bytes> given = c.HexList("proof");
      ASSERT_LE(old_size, new_size);
      ASSERT_LE(new_size, log.leaves.size());
      MerkleTree tree = TreeOf(log.leaves, new_size);
      MerkleProof proof = tree.ConsistencyProof(old_size);
      ExpectProof(proof, given);
      EXPECT_TRUE(VerifyConsistency(old_size, new_size,
                                    TreeOf(log.leaves, old_size).Root(),
                                    tree.Root(), proof)
                      .ok());
    });
  });
}

}  // namespace
}  // namespace frank::crypto

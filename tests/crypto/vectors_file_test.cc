// file: commitment, announcing parts and encrypted chunks.
#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "crypto/file.h"
#include "tests/crypto/vectors.h"

namespace frank::crypto {
namespace {

Bytes ContentOf(const Bytes& seed, uint64_t length) {
  Bytes content;
  for (uint32_t block = 0; content.size() < length; ++block) {
    Sha256Digest digest = Sha256({seed, BigEndian(block)});
    content.insert(content.end(), digest.begin(), digest.end());
  }
  content.resize(length);
  return content;
}

ByteSpan ChunkOf(const Bytes& content, uint32_t index) {
  return ByteSpan(content).subspan(size_t{index} * 65536,
                                   ChunkLength(content.size(), index));
}

void CheckChunks(const Bytes& content, const Bytes& key, const FrankingTag& tag,
                 const std::vector<Bytes>& expected) {
  auto cipher = ChunkCipher::Create(Secret::Copy(key), tag,
                                    static_cast<uint32_t>(expected.size()));
  ASSERT_TRUE(cipher.ok());
  for (uint32_t i = 0; i < expected.size(); ++i) {
    ByteSpan chunk = ChunkOf(content, i);
    Bytes sealed(chunk.size() + 16);
    ASSERT_TRUE(cipher->Seal(i, chunk, absl::MakeSpan(sealed)).ok());
    EXPECT_EQ(ByteSpan(Sha256({sealed})), ByteSpan(expected[i])) << i;
    Bytes opened(chunk.size());
    ASSERT_TRUE(cipher->Open(i, sealed, absl::MakeSpan(opened)).ok());
    EXPECT_EQ(ByteSpan(opened), chunk);
  }
}

TEST(FileVectorsTest, CommitsAndEncryptsEachFile) {
  WithVectorFile("file", [](VectorObject& file) {
    file.Each("cases", [](VectorObject& c) {
      uint64_t length = c.Number("length");
      Bytes content = ContentOf(c.Hex("content_seed"), length);
      ASSERT_EQ(ToHex(Sha256({content})), ToHex(c.Hex("content_sha256")));
      Bytes salt = c.Hex("file_root_salt");
      Bytes key = c.Hex("file_key");
      std::vector<Bytes> sealed = c.HexList("chunk_ciphertext_sha256");
      auto chunks = ChunkCount(length);
      ASSERT_TRUE(chunks.ok());
      EXPECT_EQ(*chunks, c.Number("chunks"));
      ASSERT_EQ(*chunks, sealed.size());
      auto committer = FileCommitter::Create(salt, length);
      ASSERT_TRUE(committer.ok());
      for (uint32_t i = 0; i < *chunks; ++i) {
        ASSERT_TRUE(committer->Add(ChunkOf(content, i)).ok());
      }
      auto commitment = std::move(*committer).Finish();
      ASSERT_TRUE(commitment.ok());
      EXPECT_EQ(ToHex(commitment->tag().bytes()), ToHex(c.Hex("file_tag")));
      std::string media_type = c.Text("media_type");
      std::string name = c.Text("name");
      auto part = EncodeFilePart({commitment->tag(), length, media_type, name});
      ASSERT_TRUE(part.ok());
      EXPECT_EQ(ToHex(*part), ToHex(c.Hex("file_part")));
      auto key_part =
          EncodeFileKeyPart({Secret::Copy(salt), Secret::Copy(key)});
      ASSERT_TRUE(key_part.ok());
      EXPECT_EQ(ToHex(key_part->bytes()), ToHex(c.Hex("file_key_part")));
      CheckChunks(content, key, commitment->tag(), sealed);
    });
  });
}

}  // namespace
}  // namespace frank::crypto

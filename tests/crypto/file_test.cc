#include "crypto/file.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/encoding.h"
#include "tests/crypto/support.h"

namespace frank::crypto {
namespace {

TEST(FileTest, CountsChunks) {
  EXPECT_EQ(*ChunkCount(0), 1u);
  EXPECT_EQ(*ChunkCount(1), 1u);
  EXPECT_EQ(*ChunkCount(65536), 1u);
  EXPECT_EQ(*ChunkCount(65537), 2u);
  EXPECT_EQ(*ChunkCount(uint64_t{1} << 36), 1u << 20);
  EXPECT_FALSE(ChunkCount((uint64_t{1} << 36) + 1).ok());
  EXPECT_FALSE(ChunkCount(~uint64_t{0}).ok());
}

TEST(FileTest, MeasuresChunks) {
  EXPECT_EQ(ChunkLength(0, 0), 0u);
  EXPECT_EQ(ChunkLength(65537, 0), 65536u);
  EXPECT_EQ(ChunkLength(65537, 1), 1u);
  EXPECT_EQ(ChunkLength(65537, 2), 0u);
}

TEST(FileTest, RefusesChunksOfAnotherLength) {
  auto committer = FileCommitter::Create(Bytes(32, 1), 65537);
  ASSERT_TRUE(committer.ok());
  EXPECT_FALSE(committer->Add(Bytes(65535)).ok());
  EXPECT_FALSE(committer->Add(Bytes(65537)).ok());
  EXPECT_TRUE(committer->Add(Bytes(65536)).ok());
  EXPECT_FALSE(committer->Add(Bytes(2)).ok());
  EXPECT_FALSE(committer->Add({}).ok());
  EXPECT_TRUE(committer->Add(Bytes(1)).ok());
  EXPECT_FALSE(committer->Add({}).ok());
  EXPECT_TRUE(std::move(*committer).Finish().ok());
  EXPECT_FALSE(FileCommitter::Create(Bytes(31, 1), 1).ok());
}

class ChunkCipherTest : public testing::Test {
 protected:
  ChunkCipher CipherOf(const Bytes& key, const FrankingTag& tag,
                       uint32_t chunks) {
    return *ChunkCipher::Create(Secret::Copy(key), tag, chunks);
  }
  bool Opens(const ChunkCipher& cipher, uint32_t index, ByteSpan ciphertext) {
    Bytes out(std::max<size_t>(ciphertext.size(), 16) - 16);
    return cipher.Open(index, ciphertext, absl::MakeSpan(out)).ok();
  }
  FakeRandom random_;
  Bytes key_ = random_.Draw(16);
  FrankingTag tag_ = FrankingTag::Random(random_);
  Bytes chunk_ = random_.Draw(20);
};

TEST_F(ChunkCipherTest, OpensAChunkOnlyInItsPlace) {
  ChunkCipher cipher = CipherOf(key_, tag_, 3);
  Bytes sealed(36);
  ASSERT_TRUE(cipher.Seal(1, chunk_, absl::MakeSpan(sealed)).ok());
  ExpectOnlyExactly(
      sealed, [&](ByteSpan candidate) { return Opens(cipher, 1, candidate); });
  EXPECT_FALSE(Opens(cipher, 0, sealed));
  EXPECT_FALSE(Opens(cipher, 2, sealed));
  EXPECT_FALSE(Opens(cipher, 3, sealed));
  EXPECT_FALSE(Opens(CipherOf(key_, tag_, 4), 1, sealed));
  EXPECT_FALSE(Opens(CipherOf(key_, FrankingTag(), 3), 1, sealed));
  EXPECT_FALSE(Opens(CipherOf(random_.Draw(16), tag_, 3), 1, sealed));
}

TEST_F(ChunkCipherTest, RefusesKeysOfAnotherLength) {
  for (size_t size : {0, 15, 17, 32}) {
    EXPECT_FALSE(ChunkCipher::Create(Secret::Copy(Bytes(size)), tag_, 1).ok());
  }
}

TEST(FilePartTest, RoundTripsAndRefusesOtherParts) {
  FakeRandom random;
  FilePart file{FrankingTag::Random(random), 123456, "image/jpeg", "photo.jpg"};
  Bytes encoded = *EncodeFilePart(file);
  auto parsed = ParseFilePart(encoded);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->file_tag, file.file_tag);
  EXPECT_EQ(parsed->length, file.length);
  EXPECT_EQ(parsed->media_type, file.media_type);
  EXPECT_EQ(parsed->name, file.name);
  for (size_t size = 0; size < encoded.size(); ++size) {
    EXPECT_FALSE(ParseFilePart(ByteSpan(encoded).first(size)).ok()) << size;
  }
  encoded.push_back(0);
  EXPECT_FALSE(ParseFilePart(encoded).ok());
  EXPECT_FALSE(ParseFilePart(*EncodePart("text/plain", Bytes(80))).ok());
  file.length = (uint64_t{1} << 36) + 1;
  EXPECT_FALSE(EncodeFilePart(file).ok());
}

TEST(FileKeyPartTest, RoundTripsAndRefusesOtherLengths) {
  FileKeyPart key{Secret::Copy(Bytes(32, 1)), Secret::Copy(Bytes(16, 2))};
  Secret encoded = *EncodeFileKeyPart(key);
  auto parsed = ParseFileKeyPart(encoded.bytes());
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->file_root_salt.bytes(), key.file_root_salt.bytes());
  EXPECT_EQ(parsed->file_key.bytes(), key.file_key.bytes());
  for (size_t size = 0; size < encoded.size(); ++size) {
    EXPECT_FALSE(ParseFileKeyPart(encoded.bytes().first(size)).ok()) << size;
  }
  key.file_key = Secret::Copy(Bytes(32, 2));
  EXPECT_FALSE(EncodeFileKeyPart(key).ok());
}

}  // namespace
}  // namespace frank::crypto

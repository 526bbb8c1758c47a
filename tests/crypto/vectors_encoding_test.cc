// varvec and padding.
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>

#include "crypto/encoding.h"
#include "tests/crypto/vectors.h"

namespace frank::crypto {
namespace {

// Zeros up to a gigabyte, of which only the pages that are written cost memory.
class ZeroPages {
 public:
  explicit ZeroPages(size_t size)
      : size_(size),
        data_(mmap(nullptr, size, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) {
    EXPECT_NE(data_, MAP_FAILED);
  }
  ~ZeroPages() { munmap(data_, size_); }
  uint8_t* data() { return static_cast<uint8_t*>(data_); }

 private:
  size_t size_;
  void* data_;
};

TEST(VarvecVectorsTest, EncodesAndDecodesEachHeader) {
  WithVectorFile("varvec", [](VectorObject& file) {
    file.Each("cases", [](VectorObject& vector_case) {
      uint64_t length = vector_case.Number("length");
      Bytes header = vector_case.Hex("header");
      ASSERT_LE(length, kMaxVecBytes);
      EXPECT_EQ(ToHex(Encoder().VecHeader(length).Take()), ToHex(header));
      ZeroPages pages(header.size() + length);
      std::copy(header.begin(), header.end(), pages.data());
      Decoder decoder(ByteSpan(pages.data(), header.size() + length));
      auto decoded = decoder.Vec("vec");
      ASSERT_TRUE(decoded.ok());
      EXPECT_EQ(decoded->size(), length);
      EXPECT_TRUE(decoder.Finish("vec").ok());
    });
    for (const Bytes& header : file.HexList("reject")) {
      Decoder alone(header);
      EXPECT_FALSE(alone.Vec("vec").ok()) << ToHex(header);
    }
  });
}

TEST(PaddingVectorsTest, PadsToEachSize) {
  WithVectorFile("padding", [](VectorObject& file) {
    file.Each("cases", [](VectorObject& vector_case) {
      uint64_t length = vector_case.Number("length");
      EXPECT_EQ(PadmeSize(length), vector_case.Number("payload_size"));
      EXPECT_EQ(ReportClassSize(length), vector_case.Number("report_size"));
    });
    file.Object("example", [](VectorObject& example) {
      Bytes padded = example.Hex("padded");
      Bytes input = example.Hex("input");
      EXPECT_EQ(Pad(input, padded.size()), padded);
      auto unpadded = Unpad(padded);
      ASSERT_TRUE(unpadded.ok());
      EXPECT_EQ(*unpadded, ByteSpan(input));
    });
    for (const Bytes& padded : file.HexList("reject")) {
      EXPECT_FALSE(Unpad(padded).ok()) << ToHex(padded);
    }
  });
}

}  // namespace
}  // namespace frank::crypto

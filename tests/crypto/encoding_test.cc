#include "crypto/encoding.h"

#include <gtest/gtest.h>

#include "core/status.h"
#include "tests/crypto/support.h"

namespace frank::crypto {
namespace {

TEST(EncoderTest, WritesIntegersBigEndian) {
  EXPECT_EQ(ToHex(Encoder()
                      .U8(1)
                      .U16(0x0203)
                      .U32(0x04050607)
                      .U64(0x08090a0b0c0d0e0f)
                      .Label("ab")
                      .Raw(Bytes{0xff})
                      .Take()),
            "0102030405060708090a0b0c0d0e0f6162ff");
  EXPECT_EQ(ToHex(BigEndian(uint16_t{0x0102})), "0102");
  EXPECT_EQ(ToHex(BigEndian(uint32_t{0x01020304})), "01020304");
  EXPECT_EQ(ToHex(BigEndian(uint64_t{1})), "0000000000000001");
}

TEST(EncoderTest, TakesTheShortestHeader) {
  struct {
    size_t size;
    const char* header;
  } kCases[] = {{0, "00"},       {63, "3f"},          {64, "4040"},
                {16383, "7fff"}, {16384, "80004000"}, {70000, "80011170"}};
  for (const auto& c : kCases) {
    Bytes out = Encoder().Vec(Bytes(c.size, 1)).Take();
    Bytes header = Hex(c.header);
    EXPECT_EQ(out.size(), c.size + header.size());
    EXPECT_EQ(ToHex(ByteSpan(out).first(header.size())), c.header);
  }
}

TEST(DecoderTest, ReadsBackWhatWasWritten) {
  Bytes out = Encoder().U8(9).Vec("text").U64(77).Vec(Bytes(64, 3)).Take();
  Decoder decoder(out);
  EXPECT_EQ(*decoder.U8("a"), 9);
  EXPECT_EQ(AsText(*decoder.Vec("b")), "text");
  EXPECT_FALSE(decoder.Finish("structure").ok());
  EXPECT_EQ(*decoder.U64("c"), 77u);
  EXPECT_EQ(decoder.Vec("d")->size(), 64u);
  EXPECT_TRUE(decoder.Finish("structure").ok());
}

TEST(DecoderTest, NamesTheFieldThatIsCut) {
  Bytes out = Encoder().U16(9).Vec("text").Take();
  for (size_t size = 0; size < out.size(); ++size) {
    Decoder decoder(ByteSpan(out).first(size));
    auto number = decoder.U16("number");
    absl::Status status =
        number.ok() ? decoder.Vec("text").status() : number.status();
    auto violation = FindFieldViolation(status);
    ASSERT_TRUE(violation.has_value()) << size;
    EXPECT_EQ(violation->field, size < 2 ? "number" : "text");
  }
}

TEST(DecoderTest, RefusesHeadersThatAreNotTheShortest) {
  for (const char* header : {"4000", "403f", "80000000", "80003fff", "c0", "ff",
                             "c000000000000001"}) {
    Bytes input = Hex(header);
    input.resize(input.size() + 20000);
    Decoder decoder(input);
    EXPECT_FALSE(decoder.Vec("vec").ok()) << header;
  }
}

TEST(PaddingTest, RoundTripsEveryLength) {
  for (size_t length = 0; length < 200; ++length) {
    for (uint8_t fill : {0x00, 0x80, 0x5a}) {
      Bytes input(length, fill);
      auto size = static_cast<size_t>(PadmeSize(length));
      ASSERT_GT(size, length);
      Bytes padded = Pad(input, size);
      ASSERT_EQ(padded.size(), size);
      auto unpadded = Unpad(padded);
      ASSERT_TRUE(unpadded.ok());
      EXPECT_EQ(*unpadded, ByteSpan(input));
    }
  }
}

TEST(PaddingTest, RefusesWhatHasNoEndMark) {
  for (const char* padded : {"", "00", "0000", "01", "7f", "81", "8001", "80ff",
                             "0100", "800000ff"}) {
    EXPECT_FALSE(Unpad(Hex(padded)).ok()) << padded;
  }
}

TEST(PaddingTest, AddsAtMostAnEighthToAPayload) {
  uint64_t last = 0;
  for (uint64_t length = 0; length < 200000; ++length) {
    uint64_t size = PadmeSize(length);
    ASSERT_GE(size, length + 1);
    ASSERT_GE(size, last) << "sizes must not fall";
    ASSERT_LE(size * 100, (length + 1) * 112 + 100);
    last = size;
  }
}

TEST(PaddingTest, PutsReportsIntoFewClasses) {
  EXPECT_EQ(ReportClassSize(0), 4096u);
  EXPECT_EQ(ReportClassSize(4095), 4096u);
  EXPECT_EQ(ReportClassSize(4096), 8192u);
  EXPECT_EQ(ReportClassSize((1 << 20) - 1), 1u << 20);
  EXPECT_EQ(ReportClassSize(1 << 20), 2u << 20);
  EXPECT_EQ(ReportClassSize((2 << 20) - 1), 2u << 20);
  EXPECT_EQ(ReportClassSize(2 << 20), 3u << 20);
}

}  // namespace
}  // namespace frank::crypto

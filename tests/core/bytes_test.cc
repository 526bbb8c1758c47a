#include "core/bytes.h"

#include <gtest/gtest.h>

namespace frank {
namespace {

TEST(BytesTest, WritesAndReadsHexOfEveryByte) {
  Bytes all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<uint8_t>(i));
  std::string hex = ToHex(all);
  EXPECT_EQ(hex.substr(0, 8), "00010203");
  EXPECT_EQ(hex.substr(504), "fcfdfeff");
  auto read = FromHex(hex);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, all);
}

TEST(BytesTest, ReadsUpperCaseAndEmptyHex) {
  EXPECT_EQ(*FromHex("AbCD"), (Bytes{0xab, 0xcd}));
  EXPECT_EQ(*FromHex(""), Bytes{});
}

TEST(BytesTest, RefusesWhatIsNotHex) {
  for (const char* text :
       {"a", "abc", "0g", "g0", " 00", "0x00", "-1", "00 "}) {
    EXPECT_EQ(FromHex(text).status().code(), absl::StatusCode::kInvalidArgument)
        << text;
  }
}

TEST(BytesTest, WritesAndReadsBase64) {
  const std::pair<const char*, const char*> kRfc4648[] = {{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"fooba", "Zm9vYmE="},
                                                          {"\xfb\xff", "+/8="}};
  for (const auto& [text, base64] : kRfc4648) {
    EXPECT_EQ(ToBase64(AsBytes(text)), base64);
    auto read = FromBase64(base64);
    ASSERT_TRUE(read.ok()) << base64;
    EXPECT_EQ(ToString(*read), text);
  }
}

TEST(BytesTest, RefusesBase64ThatIsNotCanonical) {
  for (const char* text :
       {"Zg", "Zg=", "Zh==", "Zm9=", "Zg== ", " Zg==", "Zm9v\n", "Zm 9v",
        "-_8=", "Z", "====", "Zg==Zg=="}) {
    EXPECT_EQ(FromBase64(text).status().code(),
              absl::StatusCode::kInvalidArgument)
        << text;
  }
}

TEST(BytesTest, AppendsIntegersBigEndian) {
  std::string out;
  AppendU16(0x0102, &out);
  AppendU32(0x03040506, &out);
  AppendU64(0x0708090a0b0c0d0e, &out);
  EXPECT_EQ(ToHex(AsBytes(out)), "0102030405060708090a0b0c0d0e");
  EXPECT_EQ(ReadU64(AsBytes(out).subspan(6)), 0x0708090a0b0c0d0eu);
}

TEST(BytesTest, ViewsTextAndBytesAsEachOther) {
  std::string text("a\0\xff", 3);
  EXPECT_EQ(ToBytes(text), (Bytes{'a', 0, 0xff}));
  EXPECT_EQ(ToString(AsBytes(text)), text);
  EXPECT_EQ(AsText(AsBytes(text)), absl::string_view(text));
}

}  // namespace
}  // namespace frank

#include "core/uri.h"

#include <gtest/gtest.h>

#include <string>

#include "core/bytes.h"

namespace frank {
namespace {

std::string Utf8(uint32_t point) {
  auto byte = [](uint32_t value) {
    return std::string(1, static_cast<char>(value));
  };
  if (point < 0x80) return byte(point);
  auto tail = [&](int shift) { return byte(0x80 | ((point >> shift) & 0x3F)); };
  if (point < 0x800) return byte(0xC0 | point >> 6) + tail(0);
  if (point < 0x10000) return byte(0xE0 | point >> 12) + tail(6) + tail(0);
  return byte(0xF0 | point >> 18) + tail(12) + tail(6) + tail(0);
}

bool Forbidden(uint32_t p) {
  return p <= 0x20 || (p >= 0x7F && p <= 0xA0) || p == 0x1680 ||
         (p >= 0x2000 && p <= 0x200F) || (p >= 0x2028 && p <= 0x202F) ||
         (p >= 0x205F && p <= 0x206F) || p == 0x3000 || p == 0xFEFF;
}

TEST(UriTest, JudgesEveryCodePoint) {
  for (uint32_t point = 0; point <= 0x10FFFF; ++point) {
    bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    std::string uri = "m:" + Utf8(point);
    ASSERT_EQ(CheckUri("uri", uri).ok(), !surrogate && !Forbidden(point))
        << point;
  }
}

TEST(UriTest, TakesOneTo512Bytes) {
  EXPECT_FALSE(CheckUri("uri", "").ok());
  EXPECT_TRUE(CheckUri("uri", "a").ok());
  EXPECT_TRUE(CheckUri("uri", std::string(512, 'a')).ok());
  EXPECT_FALSE(CheckUri("uri", std::string(513, 'a')).ok());
}

TEST(UriTest, RefusesUtf8ThatIsNotWellFormed) {
  for (const char* text :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xE0\x80\x80", "\xE0\x9F\xBF",
        "\xED\xA0\x80", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xFF", "\xFE", "\xE2\x82", "\xF0\x9F\x98",
        "a\xC3("}) {
    EXPECT_FALSE(IsWellFormedUtf8(text)) << ToHex(AsBytes(text));
    EXPECT_FALSE(CheckUri("uri", text).ok());
  }
  EXPECT_TRUE(IsWellFormedUtf8(""));
  EXPECT_TRUE(IsWellFormedUtf8("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"));
}

TEST(UriTest, TellsTheAuthority) {
  EXPECT_EQ(AuthorityOf("mimi://a.example/u/b"), "mimi://a.example");
  EXPECT_EQ(AuthorityOf("mimi://a.example"), "mimi://a.example");
  EXPECT_EQ(AuthorityOf("mimi://a.example?x/y"), "mimi://a.example");
  EXPECT_EQ(AuthorityOf("mimi://a.example#x"), "mimi://a.example");
  for (const char* none :
       {"", "mimi", "mimi:/a", "://a", "mimi://", "mimi:///a"}) {
    EXPECT_EQ(AuthorityOf(none), "") << none;
  }
}

TEST(UriTest, TakesOnlyABareLowerCaseAuthority) {
  EXPECT_TRUE(CheckAuthority("authority", "mimi://hub.example").ok());
  EXPECT_TRUE(CheckAuthority("authority", "mimi://hub.example:8443").ok());
  for (const char* bad :
       {"", "hub.example", "mimi://", "mimi://Hub.example",
        "MIMI://hub.example", "mimi://hub.example/", "mimi://hub.example/r",
        "mimi://h\xC3\xA4.example", "mimi://hub example", "mimi://hub?x"}) {
    EXPECT_FALSE(CheckAuthority("authority", bad).ok()) << bad;
  }
}

TEST(UriTest, TakesMediaTypesOfPrintableAscii) {
  EXPECT_TRUE(CheckMediaType("media_type", "").ok());
  EXPECT_TRUE(CheckMediaType("media_type", std::string(255, 'x')).ok());
  EXPECT_FALSE(CheckMediaType("media_type", std::string(256, 'x')).ok());
  for (int byte = 0; byte < 256; ++byte) {
    std::string type(1, static_cast<char>(byte));
    EXPECT_EQ(CheckMediaType("media_type", type).ok(),
              byte >= 0x21 && byte <= 0x7E)
        << byte;
  }
}

}  // namespace
}  // namespace frank

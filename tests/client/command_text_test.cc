#include <vector>

#include "client/command/json.h"
#include "client/command/text.h"
#include "core/uri.h"
#include "gtest/gtest.h"

namespace frank::client {
namespace {

std::vector<uint32_t> CodePoints(absl::string_view text) {
  std::vector<uint32_t> out;
  while (!text.empty()) out.push_back(TakeCodePoint(&text));
  return out;
}

TEST(TextTest, ReadsEveryCodePointThatItWrites) {
  for (uint32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    if (code_point >= 0xD800 && code_point <= 0xDFFF) continue;
    std::string text;
    AppendUtf8(code_point, &text);
    ASSERT_TRUE(IsWellFormedUtf8(text)) << code_point;
    ASSERT_EQ(CodePoints(text), std::vector<uint32_t>{code_point});
  }
}

TEST(TextTest, ReplacesEachByteThatIsNotUtf8) {
  const std::vector<uint32_t> one = {kReplacementCharacter};
  EXPECT_EQ(CodePoints("\xFF"), one);
  EXPECT_EQ(CodePoints("\xC3"), one);
  // Overlong "/", a surrogate, and beyond U+10FFFF.
  EXPECT_EQ(CodePoints("\xC0\xAF").size(), 2u);
  EXPECT_EQ(CodePoints("\xED\xA0\x80").size(), 3u);
  EXPECT_EQ(CodePoints("\xF4\x90\x80\x80").size(), 4u);
  EXPECT_EQ(CodePoints("a\xE2\x82z"),
            (std::vector<uint32_t>{'a', kReplacementCharacter,
                                   kReplacementCharacter, 'z'}));
}

TEST(TextTest, ShowsWhatCouldMisleadATerminal) {
  EXPECT_EQ(Printable("a\x1b[2Jb"), "a<U+001B>[2Jb");
  EXPECT_EQ(Printable("\xC2\x9B"), "<U+009B>");
  EXPECT_EQ(Printable("safe\xE2\x80\xAEgpj.exe"), "safe<U+202E>gpj.exe");
  EXPECT_EQ(Printable("\xE2\x81\xA6x\xE2\x81\xA9"), "<U+2066>x<U+2069>");
  EXPECT_EQ(Printable("a\xE2\x80\x8B"
                      "b"),
            "a<U+200B>b");
  EXPECT_EQ(Printable("\xF3\xA0\x81\x81"), "<U+E0041>");
  EXPECT_EQ(Printable("a\nb\r"), "a<U+000A>b<U+000D>");
  EXPECT_EQ(Printable("a\nb\r", /*keep_lines=*/true), "a\nb<U+000D>");
}

TEST(TextTest, LeavesProseAndJoinedEmojiAlone) {
  const std::string prose = "Grüße, «naïve» 請 👩‍👩‍👧 ❤️";
  EXPECT_EQ(Printable(prose), prose);
}

TEST(TextTest, IndentsEachLine) {
  EXPECT_EQ(Indented("one\n\ntwo", "| "), "| one\n| \n| two");
}

TEST(TextTest, NamesTheValuesOfEnums) {
  EXPECT_EQ(EnumText("NOTICE_KIND_REPORT_DECIDED", "NOTICE_KIND_"),
            "report_decided");
  EXPECT_EQ(EnumText("NOTICE_KIND_UNSPECIFIED", "NOTICE_KIND_"), "unspecified");
  EXPECT_EQ(EnumText("", "NOTICE_KIND_"), "") << "a value that is not known";
}

TEST(TextTest, FormatsTimes) {
  EXPECT_EQ(FormatTime(0), "1970-01-01 00:00:00 UTC");
  EXPECT_EQ(FormatTime(~uint64_t{0}), "18446744073709551615 ms");
  EXPECT_EQ(FormatDuration(86'400'000), "1 day");
  EXPECT_EQ(FormatDuration(7'199'999), "1 hour");
  EXPECT_EQ(FormatDuration(999), "0 seconds");
}

TEST(JsonTest, EscapesWhatJsonMustNotHold) {
  EXPECT_EQ(JsonQuoted("a\"\\b\n\t\x01"), R"("a\"\\b\n\u0009\u0001")");
  EXPECT_EQ(JsonQuoted("\xE2\x80\xA8 é 😀"), "\"\\u2028 é 😀\"");
  // A C1 control, a bidirectional override, a tag above the first plane.
  EXPECT_EQ(JsonQuoted("\xC2\x9B\xE2\x80\xAE\xF3\xA0\x81\x81"),
            R"("\u009b\u202e\udb40\udc41")");
  EXPECT_EQ(JsonQuoted("x\xFFy"), "\"x\xEF\xBF\xBDy\"");
}

TEST(JsonTest, KeepsTheOrderOfMembers) {
  JsonObject inner;
  inner.Bool("yes", true);
  JsonObject object;
  object.Text("b", "x")
      .Number("a", ~uint64_t{0})
      .Hex("h", absl::string_view("\x00\xFF", 2))
      .Object("o", inner)
      .Objects("l", {inner, inner})
      .Texts("t", {"p", "q"})
      .Numbers("n", {});
  EXPECT_EQ(object.ToString(),
            R"({"b":"x","a":18446744073709551615,"h":"00ff","o":{"yes":true},)"
            R"("l":[{"yes":true},{"yes":true}],"t":["p","q"],"n":[]})");
}

}  // namespace
}  // namespace frank::client

#include "client/command/text.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "core/uri.h"

namespace frank::client {
namespace {

struct Range {
  uint32_t first;
  uint32_t last;
};
// C0, DEL and C1; soft hyphen; Arabic letter mark; Mongolian separator; zero
// width space and non-joiner; direction marks, embeddings, overrides and
// isolates; separators; invisible operators; byte order mark; interlinear
// annotation; tags.
constexpr Range kUnprintable[] = {
    {0x0000, 0x001F}, {0x007F, 0x009F}, {0x00AD, 0x00AD}, {0x061C, 0x061C},
    {0x180E, 0x180E}, {0x200B, 0x200C}, {0x200E, 0x200F}, {0x2028, 0x202E},
    {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
};

size_t SequenceLength(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

}  // namespace

bool IsUnprintable(uint32_t code_point) {
  return std::any_of(std::begin(kUnprintable), std::end(kUnprintable),
                     [code_point](const Range& range) {
                       return code_point >= range.first &&
                              code_point <= range.last;
                     });
}

uint32_t TakeCodePoint(absl::string_view* text) {
  const uint8_t lead = static_cast<uint8_t>(text->front());
  const size_t length = SequenceLength(lead);
  if (length == 0 || length > text->size() ||
      !IsWellFormedUtf8(text->substr(0, length))) {
    text->remove_prefix(1);
    return kReplacementCharacter;
  }
  uint32_t code_point = length == 1 ? lead : lead & (0xFFu >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    code_point = code_point << 6 | (static_cast<uint8_t>((*text)[i]) & 0x3Fu);
  }
  text->remove_prefix(length);
  return code_point;
}

void AppendUtf8(uint32_t code_point, std::string* out) {
  auto push = [out](uint32_t byte) { out->push_back(static_cast<char>(byte)); };
  if (code_point < 0x80) {
    push(code_point);
  } else if (code_point < 0x800) {
    push(0xC0 | code_point >> 6);
    push(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    push(0xE0 | code_point >> 12);
    push(0x80 | (code_point >> 6 & 0x3F));
    push(0x80 | (code_point & 0x3F));
  } else {
    push(0xF0 | code_point >> 18);
    push(0x80 | (code_point >> 12 & 0x3F));
    push(0x80 | (code_point >> 6 & 0x3F));
    push(0x80 | (code_point & 0x3F));
  }
}

std::string Printable(absl::string_view text, bool keep_lines) {
  std::string out;
  while (!text.empty()) {
    const uint32_t code_point = TakeCodePoint(&text);
    if (IsUnprintable(code_point) && !(keep_lines && code_point == '\n')) {
      absl::StrAppend(&out, absl::StrFormat("<U+%04X>", code_point));
    } else {
      AppendUtf8(code_point, &out);
    }
  }
  return out;
}

std::string EnumText(absl::string_view name, absl::string_view prefix) {
  return absl::AsciiStrToLower(absl::StripPrefix(name, prefix));
}

std::string Indented(absl::string_view text, absl::string_view indent) {
  const std::string printable = Printable(text, /*keep_lines=*/true);
  std::string out;
  for (absl::string_view line : absl::StrSplit(printable, '\n')) {
    absl::StrAppend(&out, out.empty() ? "" : "\n", indent, line);
  }
  return out;
}

std::string FormatTime(uint64_t unix_millis) {
  // Past the year 9999 there is nothing to show but the number.
  if (unix_millis > 253402300799999) return absl::StrCat(unix_millis, " ms");
  return absl::FormatTime("%Y-%m-%d %H:%M:%S UTC",
                          absl::FromUnixMillis(unix_millis),
                          absl::UTCTimeZone());
}

std::string FormatDuration(uint64_t millis) {
  struct Unit {
    uint64_t millis;
    const char* name;
  };
  constexpr Unit kUnits[] = {{86400000, "day"},
                             {3600000, "hour"},
                             {60000, "minute"},
                             {1000, "second"}};
  for (const Unit& unit : kUnits) {
    const uint64_t count = millis / unit.millis;
    if (count > 0) {
      return absl::StrCat(count, " ", unit.name, count == 1 ? "" : "s");
    }
  }
  return "0 seconds";
}

}  // namespace frank::client

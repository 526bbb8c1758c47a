// Text that somebody else wrote, on its way to a terminal or into JSON.
#ifndef FRANK_CLIENT_COMMAND_TEXT_H_
#define FRANK_CLIENT_COMMAND_TEXT_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace frank::client {

// What stands for bytes that are not UTF-8.
inline constexpr uint32_t kReplacementCharacter = 0xFFFD;

// Takes the first code point off `text`, which must not be empty. A byte that
// begins no well-formed sequence counts as one kReplacementCharacter.
uint32_t TakeCodePoint(absl::string_view* text);

void AppendUtf8(uint32_t code_point, std::string* out);

// Whether a character moves the cursor, turns the line round or hides.
bool IsUnprintable(uint32_t code_point);

// Makes text safe to print: control characters, bidirectional controls, line
// and paragraph separators, tags and invisible format characters appear as
// <U+202E>, so that nobody can move the cursor, turn the line round or hide
// words. Line feeds stay if `keep_lines`; a zero-width joiner stays where emoji
// need it.
std::string Printable(absl::string_view text, bool keep_lines = false);

// Returns the name of an enum's value without its prefix, as JSON and options
// have it: "NOTICE_KIND_REPORT_DECIDED" becomes "report_decided".
std::string EnumText(absl::string_view name, absl::string_view prefix);

// Prefixes each line of Printable(text, true) with `indent`.
std::string Indented(absl::string_view text, absl::string_view indent);

// "2026-11-22 14:05:09 UTC".
std::string FormatTime(uint64_t unix_millis);

// "3 days", "5 hours", "12 minutes", "8 seconds", in the largest unit.
std::string FormatDuration(uint64_t millis);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_TEXT_H_

#include "core/log.h"

#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace frank {
namespace {

std::string Quoted(absl::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c >= 0x20 && c < 0x7F ? c : '?');
  }
  out.push_back('"');
  return out;
}

absl::string_view NameOf(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "info";
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
  }
  return "error";
}

}  // namespace

LogField::LogField(absl::string_view key, uint64_t count)
    : json_(absl::StrCat(Quoted(key), ":", count)) {}

LogField::LogField(absl::string_view key, absl::Duration duration)
    : json_(absl::StrCat(Quoted(key), ":",
                         absl::ToDoubleMilliseconds(duration))) {}

LogField LogField::Name(absl::string_view key, absl::string_view name) {
  LogField field;
  field.json_ = absl::StrCat(Quoted(key), ":", Quoted(name));
  return field;
}

void Log(Severity severity, absl::string_view event,
         std::initializer_list<LogField> fields) {
  // The time of a log line is for its reader; nothing depends on it.
  std::string line = absl::StrCat(
      "{\"time\":\"",
      absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::Now(),
                       absl::UTCTimeZone()),
      "\",\"severity\":\"", NameOf(severity), "\",\"event\":", Quoted(event));
  for (const LogField& field : fields)
    absl::StrAppend(&line, ",", field.json());
  absl::StrAppend(&line, "}\n");
  // One write, so that lines of several threads and processes stay whole.
  ssize_t written = write(STDERR_FILENO, line.data(), line.size());
  (void)written;
}

}  // namespace frank

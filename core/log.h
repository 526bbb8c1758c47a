// Logging: one line of JSON on standard error for each event. A log takes ids,
// enums, counts and durations, and nothing else: there is no overload for
// requests, evidence, statuses from below or free text.
#ifndef FRANK_CORE_LOG_H_
#define FRANK_CORE_LOG_H_

#include <cstdint>
#include <initializer_list>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/ids.h"

namespace frank {

enum class Severity { kInfo, kWarning, kError };

// One "key": value of a log line.
class LogField {
 public:
  LogField(absl::string_view key, uint64_t count);
  LogField(absl::string_view key, absl::Duration duration);
  // For the name of an enum value, a method, a status code or a listening
  // address: text that the program itself, never a peer, chose.
  static LogField Name(absl::string_view key, absl::string_view name);
  template <typename Tag, size_t N>
  LogField(absl::string_view key, const Id<Tag, N>& id)
      : LogField(Name(key, id.Hex())) {}
  LogField(absl::string_view key, absl::StatusCode code)
      : LogField(Name(key, absl::StatusCodeToString(code))) {}

  const std::string& json() const { return json_; }

 private:
  LogField() = default;
  std::string json_;
};

// Writes one line. Thread-safe; a line is never torn.
void Log(Severity severity, absl::string_view event,
         std::initializer_list<LogField> fields = {});

}  // namespace frank

#endif  // FRANK_CORE_LOG_H_

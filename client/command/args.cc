#include "client/command/args.h"

#include <algorithm>
#include <limits>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/command/text.h"
#include "core/clock.h"
#include "core/status.h"

namespace frank::client {
namespace {

absl::Status UsageError(absl::string_view text) {
  return absl::InvalidArgumentError(std::string(text));
}

absl::StatusOr<const Option*> FindOption(const std::vector<Option>& options,
                                         absl::string_view name) {
  for (const Option& option : options) {
    if (option.name == name) return &option;
  }
  return UsageError(absl::StrCat("unknown option --", Printable(name)));
}

bool IsNumber(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c >= '0' && c <= '9';
  });
}

}  // namespace

absl::StatusOr<Args> Args::Parse(const std::vector<Option>& options,
                                 const std::vector<std::string>& words) {
  Args args;
  bool options_ended = false;
  for (size_t i = 0; i < words.size(); ++i) {
    absl::string_view word = words[i];
    if (options_ended || !absl::StartsWith(word, "--")) {
      args.positionals_.push_back(words[i]);
      continue;
    }
    if (word == "--") {
      options_ended = true;
      continue;
    }
    word.remove_prefix(2);
    const size_t equals = word.find('=');
    const std::string name(word.substr(0, equals));
    FRANK_ASSIGN_OR_RETURN(const Option* option, FindOption(options, name));
    std::vector<std::string>& values = args.values_[name];
    if (!values.empty() && !option->repeated) {
      return UsageError(absl::StrCat("--", name, " stands twice"));
    }
    if (option->value.empty()) {
      if (equals != absl::string_view::npos) {
        return UsageError(absl::StrCat("--", name, " takes no value"));
      }
      values.push_back("");
    } else if (equals != absl::string_view::npos) {
      values.emplace_back(word.substr(equals + 1));
    } else if (i + 1 < words.size()) {
      values.push_back(words[++i]);
    } else {
      return UsageError(absl::StrCat("--", name, " needs a value"));
    }
  }
  for (const Option& option : options) {
    if (option.required && !args.Has(option.name)) {
      return UsageError(absl::StrCat("--", option.name, " is missing"));
    }
  }
  return args;
}

bool Args::Has(absl::string_view name) const {
  return values_.count(std::string(name)) > 0;
}

std::string Args::Get(absl::string_view name,
                      absl::string_view otherwise) const {
  auto it = values_.find(std::string(name));
  return it == values_.end() ? std::string(otherwise) : it->second.front();
}

std::vector<std::string> Args::All(absl::string_view name) const {
  auto it = values_.find(std::string(name));
  return it == values_.end() ? std::vector<std::string>() : it->second;
}

absl::StatusOr<uint64_t> Args::Number(absl::string_view name,
                                      uint64_t otherwise) const {
  if (!Has(name)) return otherwise;
  uint64_t value = 0;
  const std::string text = Get(name);
  if (!IsNumber(text) || !absl::SimpleAtoi(text, &value)) {
    return UsageError(absl::StrCat("--", name, ": must be a decimal number"));
  }
  return value;
}

absl::Status Args::RequirePositionals(size_t least, size_t most,
                                      absl::string_view what) const {
  if (positionals_.size() < least) {
    return UsageError(absl::StrCat("missing: ", what));
  }
  if (positionals_.size() > most) {
    return UsageError(absl::StrCat("too many words: \"",
                                   Printable(positionals_[most]), "\""));
  }
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> ParseDuration(absl::string_view field,
                                       absl::string_view text) {
  const absl::Status error =
      FieldError(field, "must be a number with s, m, h or d, such as 30d");
  if (text.empty()) return error;
  uint64_t unit = 0;
  switch (text.back()) {
    case 's':
      unit = kSecond;
      break;
    case 'm':
      unit = kMinute;
      break;
    case 'h':
      unit = kHour;
      break;
    case 'd':
      unit = kDay;
      break;
    default:
      return error;
  }
  text.remove_suffix(1);
  uint64_t count = 0;
  if (!IsNumber(text) || !absl::SimpleAtoi(text, &count) ||
      count > std::numeric_limits<int64_t>::max() / unit) {
    return error;
  }
  return count * unit;
}

absl::StatusOr<uint64_t> ParseTime(absl::string_view field,
                                   absl::string_view text, uint64_t now) {
  if (text == "now") return now;
  uint64_t millis = 0;
  if (IsNumber(text) && absl::SimpleAtoi(text, &millis)) return millis;
  absl::Time time;
  std::string ignored;
  for (const char* format : {"%Y-%m-%d", "%Y-%m-%dT%H:%M:%E*SZ"}) {
    if (absl::ParseTime(format, text, &time, &ignored) &&
        time >= absl::UnixEpoch()) {
      return static_cast<uint64_t>(absl::ToUnixMillis(time));
    }
  }
  return FieldError(
      field,
      "must be \"now\", a date such as 2026-11-22, a time such as "
      "2026-11-22T14:05:00Z, or milliseconds since 1970");
}

}  // namespace frank::client

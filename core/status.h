// Statuses: helpers that give an error its field, rule and reason, and the
// macros that pass errors up.
#ifndef FRANK_CORE_STATUS_H_
#define FRANK_CORE_STATUS_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace frank {

// Makes kInvalidArgument "field: rule". The two travel apart as well, so that
// the edge can answer with a google.rpc.BadRequest. Never put a value in rule.
absl::Status FieldError(absl::string_view field, absl::string_view rule);

struct FieldViolation {
  std::string field;
  std::string rule;
};
// Returns what FieldError put into the status.
absl::optional<FieldViolation> FindFieldViolation(const absl::Status& status);

// Prefixes the field of a field error with `parent` ("wrap[3]" + "key_id" gives
// "wrap[3].key_id"); other statuses pass unchanged.
absl::Status InField(absl::string_view parent, const absl::Status& status);

// Attaches a machine-readable reason (UPPER_SNAKE_CASE, the name of a value of
// frank.v1.ErrorReason) that the edge answers in google.rpc.ErrorInfo.
absl::Status WithReason(absl::Status status, absl::string_view reason);
absl::optional<std::string> FindReason(const absl::Status& status);

// Tells the caller when to try again, in milliseconds (google.rpc.RetryInfo).
absl::Status WithRetryAfter(absl::Status status, uint64_t millis);
absl::optional<uint64_t> FindRetryAfter(const absl::Status& status);

// Ends the process with a message: for what a programmer, never an input, got
// wrong.
[[noreturn]] void Die(absl::string_view what);

}  // namespace frank

#define FRANK_CONCAT_INNER_(a, b) a##b
#define FRANK_CONCAT_(a, b) FRANK_CONCAT_INNER_(a, b)

// The counter keeps the names of nested uses apart.
#define FRANK_RETURN_IF_ERROR(expr) \
  FRANK_RETURN_IF_ERROR_(FRANK_CONCAT_(frank_status_, __COUNTER__), expr)
#define FRANK_RETURN_IF_ERROR_(var, expr)                 \
  do {                                                    \
    if (absl::Status var = (expr); !var.ok()) return var; \
  } while (false)

#define FRANK_ASSIGN_OR_RETURN(lhs, expr)                                   \
  FRANK_ASSIGN_OR_RETURN_(FRANK_CONCAT_(frank_statusor_, __COUNTER__), lhs, \
                          expr)
#define FRANK_ASSIGN_OR_RETURN_(var, lhs, expr)  \
  auto var = (expr);                             \
  if (!var.ok()) return std::move(var).status(); \
  lhs = std::move(var).value()

#define FRANK_CHECK(condition)                                   \
  do {                                                           \
    if (!(condition)) ::frank::Die("check failed: " #condition); \
  } while (false)

#endif  // FRANK_CORE_STATUS_H_

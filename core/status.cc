#include "core/status.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace frank {
namespace {

constexpr char kFieldPayload[] = "frank/field";
constexpr char kRulePayload[] = "frank/rule";
constexpr char kReasonPayload[] = "frank/reason";
constexpr char kRetryPayload[] = "frank/retry-after-ms";

absl::optional<std::string> FindPayload(const absl::Status& status,
                                        absl::string_view url) {
  absl::optional<absl::Cord> payload = status.GetPayload(url);
  if (!payload) return absl::nullopt;
  return std::string(*payload);
}

}  // namespace

absl::Status FieldError(absl::string_view field, absl::string_view rule) {
  absl::Status status =
      absl::InvalidArgumentError(absl::StrCat(field, ": ", rule));
  status.SetPayload(kFieldPayload, absl::Cord(field));
  status.SetPayload(kRulePayload, absl::Cord(rule));
  return status;
}

absl::optional<FieldViolation> FindFieldViolation(const absl::Status& status) {
  absl::optional<std::string> field = FindPayload(status, kFieldPayload);
  absl::optional<std::string> rule = FindPayload(status, kRulePayload);
  if (!field || !rule) return absl::nullopt;
  return FieldViolation{*std::move(field), *std::move(rule)};
}

absl::Status InField(absl::string_view parent, const absl::Status& status) {
  absl::optional<FieldViolation> violation = FindFieldViolation(status);
  if (!violation) return status;
  absl::Status prefixed =
      FieldError(absl::StrCat(parent, ".", violation->field), violation->rule);
  if (absl::optional<std::string> reason = FindReason(status)) {
    return WithReason(std::move(prefixed), *reason);
  }
  return prefixed;
}

absl::Status WithReason(absl::Status status, absl::string_view reason) {
  status.SetPayload(kReasonPayload, absl::Cord(reason));
  return status;
}

absl::optional<std::string> FindReason(const absl::Status& status) {
  return FindPayload(status, kReasonPayload);
}

absl::Status WithRetryAfter(absl::Status status, uint64_t millis) {
  status.SetPayload(kRetryPayload, absl::Cord(absl::StrCat(millis)));
  return status;
}

absl::optional<uint64_t> FindRetryAfter(const absl::Status& status) {
  absl::optional<std::string> text = FindPayload(status, kRetryPayload);
  uint64_t millis = 0;
  if (!text || !absl::SimpleAtoi(*text, &millis)) return absl::nullopt;
  return millis;
}

void Die(absl::string_view what) {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

}  // namespace frank

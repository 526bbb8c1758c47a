#include "services/moderation/validate_configuration.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "services/moderation/routing.h"
#include "services/moderation/validate.h"

namespace frank::moderation {
namespace {

template <typename Values>
absl::Status CheckCount(absl::string_view field, const Values& values) {
  if (values.size() <= static_cast<int>(limits::kMaxRuleValues)) {
    return absl::OkStatus();
  }
  return FieldError(field, absl::StrCat("must have at most ",
                                        limits::kMaxRuleValues, " values"));
}

template <typename Values>
absl::Status CheckWords(absl::string_view field, const Values& words) {
  FRANK_RETURN_IF_ERROR(CheckCount(field, words));
  // An empty one matches what has none, as in the configuration.
  for (const std::string& word : words) {
    FRANK_RETURN_IF_ERROR(CheckText(field, word, 0, limits::kMaxReasonBytes));
  }
  return absl::OkStatus();
}

absl::Status CheckRule(const v1::RoutingRule& rule) {
  if (!IsLabel(rule.queue())) {
    return FieldError("queue", "must be 1 to 32 of a-z, 0-9, '-', '_'");
  }
  FRANK_RETURN_IF_ERROR(CheckWords("reason", rule.reason()));
  FRANK_RETURN_IF_ERROR(CheckWords("policy_area", rule.policy_area()));
  FRANK_RETURN_IF_ERROR(CheckCount("proof", rule.proof()));
  for (int proof : rule.proof()) {
    if (proof == v1::PROOF_STATUS_UNSPECIFIED ||
        !v1::ProofStatus_IsValid(proof)) {
      return FieldError("proof", "must be a known value");
    }
  }
  if (!v1::Severity_IsValid(rule.min_severity())) {
    return FieldError("min_severity", "must be a known value");
  }
  return CheckWords("language", rule.language());
}

}  // namespace

absl::Status Check(const v1::GetConfigurationRequest&) {
  return absl::OkStatus();
}

absl::Status Check(const v1::DryRunRoutingRequest& request) {
  if (request.rule_size() > static_cast<int>(limits::kMaxProposedRules)) {
    return FieldError(
        "rule", absl::StrCat("must have at most ", limits::kMaxProposedRules,
                             " values"));
  }
  for (int i = 0; i < request.rule_size(); ++i) {
    FRANK_RETURN_IF_ERROR(
        InField(absl::StrCat("rule[", i, "]"), CheckRule(request.rule(i))));
  }
  if (request.opened_until() <= request.opened_from()) {
    return FieldError("opened_until", "must be later than opened_from");
  }
  return absl::OkStatus();
}

}  // namespace frank::moderation

#include "proto/routing_rules.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/status.h"

namespace frank::wire {
namespace {

constexpr char kProof[] = "PROOF_STATUS_";
constexpr char kSeverity[] = "SEVERITY_";

// "proven" of PROOF_STATUS_PROVEN.
std::string WordOf(absl::string_view name, absl::string_view prefix) {
  return absl::AsciiStrToLower(name.substr(prefix.size()));
}
// Of "proven" the value PROOF_STATUS_PROVEN, of what is no such word 0.
// Exactly, as the configuration is read: "Proven" is none.
template <typename Enum>
Enum ValueOf(const std::string& word, absl::string_view prefix,
             bool (*parse)(google::protobuf::ConstStringParam, Enum*)) {
  Enum value{};
  if (std::any_of(word.begin(), word.end(), absl::ascii_isupper)) return value;
  parse(absl::StrCat(prefix, absl::AsciiStrToUpper(word)), &value);
  return value;
}

}  // namespace

absl::StatusOr<v1::RoutingRule> ToWire(const config::v1::RoutingRule& rule) {
  v1::RoutingRule proto;
  proto.set_queue(rule.queue());
  *proto.mutable_reason() = rule.reason();
  *proto.mutable_policy_area() = rule.policy_area();
  for (const std::string& word : rule.proof()) {
    const auto proof = ValueOf(word, kProof, &v1::ProofStatus_Parse);
    if (proof == v1::PROOF_STATUS_UNSPECIFIED) {
      return FieldError("proof",
                        "must be proven, unproven, forged or unopenable");
    }
    proto.add_proof(proof);
  }
  const auto severity =
      ValueOf(rule.min_severity(), kSeverity, &v1::Severity_Parse);
  if (!rule.min_severity().empty() && severity == v1::SEVERITY_UNSPECIFIED) {
    return FieldError("min_severity", "must be low, medium, high or critical");
  }
  proto.set_min_severity(severity);
  *proto.mutable_language() = rule.language();
  proto.set_min_prior_actions(rule.min_prior_actions());
  proto.set_max_reporter_weight(rule.max_reporter_weight());
  return proto;
}

config::v1::RoutingRule FromWire(const v1::RoutingRule& rule) {
  config::v1::RoutingRule config;
  config.set_queue(rule.queue());
  *config.mutable_reason() = rule.reason();
  *config.mutable_policy_area() = rule.policy_area();
  for (int proof : rule.proof()) {
    config.add_proof(WordOf(
        v1::ProofStatus_Name(static_cast<v1::ProofStatus>(proof)), kProof));
  }
  if (rule.min_severity() != v1::SEVERITY_UNSPECIFIED) {
    config.set_min_severity(
        WordOf(v1::Severity_Name(rule.min_severity()), kSeverity));
  }
  *config.mutable_language() = rule.language();
  config.set_min_prior_actions(rule.min_prior_actions());
  config.set_max_reporter_weight(rule.max_reporter_weight());
  return config;
}

}  // namespace frank::wire

#include "services/moderation/retention_rules.h"

#include <algorithm>

#include "core/limits.h"
#include "core/status.h"

namespace frank::moderation {
namespace {

UnixMillis OrDefault(uint64_t configured, UnixMillis otherwise) {
  return configured == 0 ? otherwise : configured;
}

absl::Status Wrong(absl::string_view field, absl::string_view rule) {
  return absl::FailedPreconditionError(FieldError(field, rule).message());
}

}  // namespace

absl::StatusOr<RetentionRules> RetentionRules::Create(
    const config::v1::Retention& config, const Authorities& authorities) {
  RetentionRules rules;
  rules.unproven_ = OrDefault(config.unproven_ms(), limits::kKeepUnproven);
  rules.proven_ = OrDefault(config.proven_ms(), limits::kKeepProven);
  rules.decided_ = OrDefault(config.decided_ms(), limits::kKeepDecided);
  rules.referred_ = OrDefault(config.referred_ms(), limits::kKeepReferred);
  if (rules.referred_ < limits::kKeepReferred) {
    return Wrong("retention.referred_ms", "must be at least 365 days");
  }
  rules.audit_ = OrDefault(config.audit_ms(), limits::kKeepAudit);
  const UnixMillis period =
      OrDefault(config.appeal_period_ms(), limits::kDefaultAppealPeriod);
  if (period > limits::kMaxAppealPeriod) {
    return Wrong("retention.appeal_period_ms", "must be at most 365 days");
  }
  rules.until_appeals_are_in_ = period + limits::kAppealsOnTheirWay;
  for (UnixMillis time : {rules.unproven_, rules.proven_, rules.decided_,
                          rules.referred_, rules.audit_}) {
    if (time > limits::kMaxRetention) {
      return Wrong("retention", "times must be at most 100 years");
    }
  }
  for (const auto& [name, authority] : authorities.all()) {
    rules.at_authority_[name] = std::max(authority.keep, rules.referred_);
  }
  return rules;
}

UnixMillis RetentionRules::TimeOf(
    storage::RetentionClass retention_class) const {
  switch (retention_class) {
    case storage::RetentionClass::kUnproven:
      return unproven_;
    case storage::RetentionClass::kProven:
      return proven_;
    case storage::RetentionClass::kDecided:
      return decided_;
    case storage::RetentionClass::kReferred:
      return referred_;
    case storage::RetentionClass::kDeletion:
      return 0;
  }
  Die("a retention class without a time");
}

UnixMillis RetentionRules::TimeAt(const std::string& authority) const {
  auto found = at_authority_.find(authority);
  return found == at_authority_.end() ? referred_ : found->second;
}

absl::optional<UnixMillis> RetentionRules::DueAt(
    const storage::v1::CaseRecord& record) const {
  if (!storage::TimeRuns(record)) return absl::nullopt;
  const storage::v1::RetentionRecord& retention = record.retention();
  const auto retention_class = storage::RetentionClassOf(record);
  UnixMillis time = TimeOf(retention_class);
  if (retention_class == storage::RetentionClass::kReferred) {
    if (retention.handed_over_at() == 0) return absl::nullopt;
    time = TimeAt(retention.handed_over_to());
  }
  return std::max(storage::TimeRunsFrom(record) + time, retention.not_before());
}

}  // namespace frank::moderation

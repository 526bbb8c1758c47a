#include "services/moderation/exposure_rules.h"

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"

namespace frank::moderation {
namespace {

template <typename T>
T OrDefault(T configured, T otherwise) {
  return configured == 0 ? otherwise : configured;
}

absl::Status CheckBetween(absl::string_view field, uint32_t value,
                          uint32_t most) {
  if (value >= 1 && value <= most) return absl::OkStatus();
  return FieldError(field, absl::StrCat("must be 1 to ", most));
}

absl::Status Apply(const config::v1::ExposureBudget& config,
                   ExposureRules* rules) {
  FRANK_RETURN_IF_ERROR(
      CheckBetween("pieces", config.pieces(), limits::kMaxExposurePieces));
  FRANK_RETURN_IF_ERROR(
      CheckBetween("load", config.load(), limits::kMaxExposureLoad));
  for (auto& [category, budget] : rules->budgets) {
    if (ExposureName(category) != config.category()) continue;
    budget = {config.pieces(), config.load()};
    return absl::OkStatus();
  }
  return FieldError("category", "must be text, graphic or child_safety");
}

}  // namespace

absl::StatusOr<ExposureRules> ExposureRules::Create(
    const config::v1::ExposureRules& config) {
  ExposureRules rules;
  rules.shift = OrDefault<UnixMillis>(config.shift_ms(), limits::kDefaultShift);
  rules.break_length =
      OrDefault<UnixMillis>(config.break_ms(), limits::kDefaultBreak);
  rules.break_due_load = OrDefault<uint32_t>(config.break_due_load(),
                                             limits::kDefaultBreakDueLoad);
  rules.budgets = {
      {Exposure::kText, {limits::kDefaultTextPieces, limits::kDefaultTextLoad}},
      {Exposure::kGraphic,
       {limits::kDefaultGraphicPieces, limits::kDefaultGraphicLoad}},
      {Exposure::kChildSafety,
       {limits::kDefaultChildSafetyPieces, limits::kDefaultChildSafetyLoad}},
  };
  for (int i = 0; i < config.budget_size(); ++i) {
    absl::Status applied = InField(absl::StrCat("exposure.budget[", i, "]"),
                                   Apply(config.budget(i), &rules));
    if (!applied.ok()) return absl::FailedPreconditionError(applied.message());
  }
  return rules;
}

}  // namespace frank::moderation

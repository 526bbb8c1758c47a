#include "services/moderation/appeals.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "crypto/appeal.h"
#include "proto/appeals.h"
#include "services/moderation/appeal_intake.h"
#include "storage/appeal_store.h"
#include "storage/effect_store.h"
#include "storage/reporter_schema.h"

namespace frank::moderation {
namespace {

// Of the effects of the decision that was appealed; behind all that it had.
constexpr uint32_t kAppealRow = std::numeric_limits<uint32_t>::max();

storage::v1::EffectRecord EffectOf(const AppealResolution& resolution,
                                   const storage::v1::AppealRecord& record) {
  storage::v1::EffectRecord effect;
  effect.set_case_id(record.case_id());
  effect.set_phase(storage::kEffectWaiting);
  effect.set_decided_at(resolution.now);
  effect.set_decision_id(ToString(resolution.decision.bytes()));
  effect.mutable_appeal()->set_account_uri(record.account_uri());
  effect.mutable_appeal()->set_outcome(
      static_cast<uint32_t>(resolution.outcome));
  return effect;
}

}  // namespace

std::string DecisionSubject(const DecisionId& id) {
  return absl::StrCat("decision:", id.Hex());
}

std::string AppealPlace(const DecisionId& id) {
  return absl::StrCat("appeal", storage::schema::AppealKey(id));
}

absl::StatusOr<absl::optional<crypto::Secret>> OpenSealedAppeal(
    const ReportJudge& judge, const DecisionId& id,
    const storage::v1::AppealRecord& record, ByteSpan sealed) {
  FRANK_ASSIGN_OR_RETURN(
      ReviewKeyId key_id,
      ReviewKeyId::Parse("review_key_id", record.review_key_id()));
  const absl::optional<crypto::HpkePrivateKey> key =
      judge.FindReviewKey(key_id);
  if (!key) return absl::optional<crypto::Secret>();
  absl::StatusOr<crypto::Secret> opened = crypto::OpenAppeal(
      *key, crypto::AppealBinding{key_id, id, record.account_uri()}, sealed);
  if (absl::IsInternal(opened.status())) return opened.status();
  if (!opened.ok()) return absl::optional<crypto::Secret>();
  absl::StatusOr<v1::AppealContent> content =
      wire::ParseAppealContent(opened->bytes());
  if (!content.ok()) return absl::optional<crypto::Secret>();
  std::string* text = content->mutable_text();
  crypto::Secret copy = crypto::Secret::Copy(AsBytes(*text));
  crypto::Cleanse(absl::Span<uint8_t>(reinterpret_cast<uint8_t*>(&(*text)[0]),
                                      text->size()));
  return absl::optional<crypto::Secret>(std::move(copy));
}

absl::StatusOr<absl::optional<crypto::Secret>> ReadAppeal(
    storage::Engine& engine, const KeyVault& vault, const ReportJudge& judge,
    const DecisionId& id, const storage::v1::AppealRecord& record) {
  if (record.ciphertext().empty()) return absl::optional<crypto::Secret>();
  FRANK_ASSIGN_OR_RETURN(CaseId case_id,
                         CaseId::Parse("case_id", record.case_id()));
  FRANK_ASSIGN_OR_RETURN(DataKey key, vault.CaseKey(engine, case_id));
  FRANK_ASSIGN_OR_RETURN(crypto::Secret content,
                         key.Open(AppealPlace(id), record.ciphertext()));
  if (record.condition() == kAppealOpened) {
    return absl::optional<crypto::Secret>(std::move(content));
  }
  return OpenSealedAppeal(judge, id, record, content.bytes());
}

absl::Status ResolveAppeal(storage::Transaction& transaction,
                           const AppealResolution& resolution, ActLog& acts) {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         storage::FindAppeal(transaction, resolution.decision));
  if (!record) {
    return WithReason(absl::NotFoundError("the decision was not appealed"),
                      "NOT_FOUND");
  }
  if (record->state() != storage::kAppealWaiting) {
    return WithReason(
        absl::FailedPreconditionError("the appeal is resolved already"),
        "CASE_DECIDED");
  }
  return ResolveAppeal(transaction, resolution, *std::move(record), acts);
}

absl::Status ResolveAppeal(storage::Transaction& transaction,
                           const AppealResolution& resolution,
                           storage::v1::AppealRecord record, ActLog& acts) {
  record.set_state(storage::kAppealResolved);
  record.set_outcome(static_cast<uint32_t>(resolution.outcome));
  record.set_resolved_at(resolution.now);
  record.set_resolved_by(resolution.moderator);
  storage::PutAppeal(transaction, resolution.decision, record);
  storage::PutEffect(
      transaction, {resolution.notice_due_at, resolution.decision, kAppealRow},
      EffectOf(resolution, record));
  FRANK_ASSIGN_OR_RETURN(CaseId case_id,
                         CaseId::Parse("case_id", record.case_id()));
  crypto::AuditDetails details;
  details.SetHex("decision", resolution.decision.bytes())
      .Set("outcome", v1::AppealOutcome_Name(resolution.outcome));
  return acts
      .Add(CaseSubject(case_id),
           resolution.moderator.empty() ? ServiceActor()
                                        : ModeratorActor(resolution.moderator),
           "appeal.resolved", details)
      .status();
}

}  // namespace frank::moderation

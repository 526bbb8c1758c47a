#include "services/moderation/appeal_intake.h"

#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "crypto/hash.h"
#include "services/moderation/appeal_opening.h"
#include "services/moderation/appeals.h"
#include "services/moderation/target_events.h"
#include "storage/appeal_store.h"
#include "storage/case_store.h"
#include "storage/decision_store.h"

namespace frank::moderation {
namespace {

// The case that a decision closed, if it is one about the account.
absl::StatusOr<absl::optional<CaseId>> FindCaseOf(
    storage::Transaction& transaction, const DecisionId& decision,
    const std::string& account_uri) {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         storage::FindDecision(transaction, decision));
  if (!record) return absl::optional<CaseId>();
  FRANK_ASSIGN_OR_RETURN(CaseId id,
                         CaseId::Parse("case_id", record->case_id(0)));
  FRANK_ASSIGN_OR_RETURN(auto found, storage::FindCase(transaction, id));
  if (!found || found->accused_uri() != account_uri) {
    return absl::optional<CaseId>();
  }
  return absl::make_optional(id);
}

// It came in all the same.
absl::Status CountAppeal(storage::Transaction& transaction,
                         const DecisionId& decision,
                         const storage::v1::AppealRecord& record) {
  FRANK_ASSIGN_OR_RETURN(CaseId id, CaseId::Parse("case_id", record.case_id()));
  FRANK_ASSIGN_OR_RETURN(auto of_case, storage::FindCase(transaction, id));
  FRANK_ASSIGN_OR_RETURN(auto decided,
                         storage::FindDecision(transaction, decision));
  if (!of_case || !decided) {
    return absl::DataLossError("the decision of an appeal is missing");
  }
  NoteAppeal(transaction, record.received_at(), id, decision, *of_case,
             *decided);
  return absl::OkStatus();
}

crypto::AuditDetails DetailsOf(const PreparedAppeal& appeal) {
  crypto::AuditDetails details;
  details.SetHex("decision", appeal.decision.bytes())
      .SetHex("sealed_sha256", AsBytes(appeal.record.sealed_sha256()));
  return details;
}

}  // namespace

absl::Status AppealIntake::Check(const v1::ForwardRequest::Appeal& appeal) {
  FRANK_RETURN_IF_ERROR(
      DecisionId::Parse("appeal.decision_id", appeal.decision_id()).status());
  FRANK_RETURN_IF_ERROR(CheckUri("appeal.account_uri", appeal.account_uri()));
  FRANK_RETURN_IF_ERROR(
      ReviewKeyId::Parse("appeal.review_key_id", appeal.review_key_id())
          .status());
  if (appeal.sealed_appeal().size() != limits::kSealedAppealBytes) {
    return FieldError("appeal.sealed_appeal", "has another length");
  }
  return absl::OkStatus();
}

absl::StatusOr<PreparedAppeal> AppealIntake::Prepare(
    const std::string& platform, const v1::ForwardRequest& request,
    UnixMillis now) const {
  const v1::ForwardRequest::Appeal& appeal = request.appeal();
  PreparedAppeal prepared;
  FRANK_ASSIGN_OR_RETURN(
      prepared.decision,
      DecisionId::Parse("decision_id", appeal.decision_id()));
  storage::v1::AppealRecord& record = prepared.record;
  record.set_platform(platform);
  record.set_account_uri(appeal.account_uri());
  record.set_review_key_id(appeal.review_key_id());
  record.set_sealed_sha256(
      ToString(crypto::Sha256({AsBytes(appeal.sealed_appeal())})));
  record.set_accepted_at(request.accepted_at());
  record.set_received_at(now);
  record.set_state(storage::kAppealWaiting);
  FRANK_ASSIGN_OR_RETURN(absl::optional<crypto::Secret> text,
                         OpenSealedAppeal(judge_, prepared.decision, record,
                                          AsBytes(appeal.sealed_appeal())));
  record.set_condition(text ? kAppealOpened : kAppealSealed);
  prepared.content =
      text ? *std::move(text)
           : crypto::Secret::Copy(AsBytes(appeal.sealed_appeal()));
  return prepared;
}

absl::StatusOr<bool> AppealIntake::Take(storage::Transaction& transaction,
                                        const PreparedAppeal& appeal,
                                        ActLog& acts) const {
  FRANK_ASSIGN_OR_RETURN(auto before,
                         storage::FindAppeal(transaction, appeal.decision));
  if (before && before->sealed_sha256() == appeal.record.sealed_sha256() &&
      before->account_uri() == appeal.record.account_uri()) {
    return true;
  }
  FRANK_ASSIGN_OR_RETURN(auto case_id, FindCaseOf(transaction, appeal.decision,
                                                  appeal.record.account_uri()));
  std::string actor = PlatformActor(appeal.record.platform());
  if (before || !case_id) {
    FRANK_RETURN_IF_ERROR(acts.Add(DecisionSubject(appeal.decision), actor,
                                   "appeal.conflict", DetailsOf(appeal))
                              .status());
    return false;
  }
  storage::v1::AppealRecord record = appeal.record;
  record.set_case_id(ToString(case_id->bytes()));
  FRANK_ASSIGN_OR_RETURN(*record.mutable_ciphertext(),
                         Encrypt(transaction, appeal, *case_id));
  FRANK_RETURN_IF_ERROR(acts.Add(CaseSubject(*case_id), actor,
                                 "appeal.received", DetailsOf(appeal))
                            .status());
  FRANK_RETURN_IF_ERROR(
      GiveToDesk(transaction, appeal.decision, std::move(record), acts));
  return true;
}

// What does not hold any more needs nobody's decision; what was shredded, its
// period being over, nobody can look at again.
absl::Status AppealIntake::GiveToDesk(storage::Transaction& transaction,
                                      const DecisionId& decision,
                                      storage::v1::AppealRecord record,
                                      ActLog& acts) const {
  AppealOpening opening;
  opening.decision_id = decision;
  opening.actor = PlatformActor(record.platform());
  opening.now = record.received_at();
  opening.time_to_answer = time_to_answer_;
  absl::Status opened = OpenAppeal(transaction, opening, &acts);
  if (opened.ok()) {
    storage::PutAppeal(transaction, decision, record);
    return absl::OkStatus();
  }
  if (!absl::IsFailedPrecondition(opened)) return opened;
  FRANK_RETURN_IF_ERROR(CountAppeal(transaction, decision, record));
  AppealResolution resolution;
  resolution.decision = decision;
  resolution.outcome = FindReason(opened) == std::string("CASE_SHREDDED")
                           ? v1::APPEAL_OUTCOME_REJECTED
                           : v1::APPEAL_OUTCOME_GRANTED;
  resolution.now = record.received_at();
  resolution.notice_due_at = record.received_at();
  return ResolveAppeal(transaction, resolution, std::move(record), acts);
}

// Under the case's key. That may have been destroyed, and with it all that the
// case showed: then there is an appeal, and no words.
absl::StatusOr<std::string> AppealIntake::Encrypt(
    storage::Transaction& transaction, const PreparedAppeal& appeal,
    const CaseId& case_id) const {
  // One that does not open is another matter: the platform keeps the appeal.
  FRANK_ASSIGN_OR_RETURN(auto key, vault_.FindCaseKey(transaction, case_id));
  if (!key) return std::string();
  return key->Seal(vault_.random(), AppealPlace(appeal.decision),
                   appeal.content.bytes());
}

}  // namespace frank::moderation

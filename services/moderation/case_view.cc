#include "services/moderation/case_view.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "crypto/audit_entry.h"
#include "crypto/hash.h"
#include "services/moderation/act_log.h"
#include "services/moderation/case_lease.h"
#include "services/moderation/case_note.h"
#include "services/moderation/evidence_view.h"
#include "services/moderation/report_note.h"
#include "services/moderation/review_proto.h"
#include "storage/act_store.h"
#include "storage/evidence_store.h"
#include "storage/intake_store.h"
#include "storage/moderation_account_store.h"

namespace frank::moderation {
namespace {

using storage::v1::CaseRecord;

absl::StatusOr<CaseRecord> GetCaseUntracked(storage::Engine& engine,
                                            const CaseId& id) {
  FRANK_ASSIGN_OR_RETURN(auto found, storage::FindCase(engine, id));
  if (!found) {
    return WithReason(absl::NotFoundError("no such case"), "NOT_FOUND");
  }
  return *std::move(found);
}

v1::CaseReport ToProto(const storage::ReportRef& report,
                       const storage::v1::IntakeReportRecord& record) {
  v1::CaseReport proto;
  proto.set_report_id(ToString(report.id.bytes()));
  proto.set_reporter_uri(report.reporter_uri);
  proto.set_condition(static_cast<v1::ReportCondition>(record.condition()));
  proto.set_reason(record.reason());
  proto.set_reported_at(record.reported_at());
  proto.set_accepted_at(record.accepted_at());
  proto.set_clear_mismatch(record.clear_mismatch());
  for (const auto& message : record.message()) {
    *proto.add_message() = moderation::ToProto(message);
  }
  return proto;
}

uint64_t FirstTime(const v1::Evidence& evidence) {
  return evidence.accepted_timestamp().empty() ? 0
                                               : evidence.accepted_timestamp(0);
}

template <typename List>
void SortByTime(List* list) {
  std::stable_sort(list->begin(), list->end(),
                   [](const v1::Evidence& a, const v1::Evidence& b) {
                     return FirstTime(a) < FirstTime(b);
                   });
}

}  // namespace

CaseView::CaseView(const Dependencies& dependencies) : d_(dependencies) {}

absl::Status CaseView::AddReports(const CaseId& id, bool reveal,
                                  v1::GetCaseResponse* response) const {
  FRANK_ASSIGN_OR_RETURN(auto reports, storage::ListCaseReports(d_.engine, id));
  // The newest, when there are more than one answer holds.
  size_t first =
      reports.size() - std::min(reports.size(), limits::kMaxReportsShown);
  for (size_t i = first; i < reports.size(); ++i) {
    const storage::ReportRef& report = reports[i].report;
    FRANK_ASSIGN_OR_RETURN(auto record,
                           storage::FindIntakeReport(d_.engine, report));
    if (!record) return absl::DataLossError("a report of a case is missing");
    v1::CaseReport* shown = response->add_report();
    *shown = ToProto(report, *record);
    if (!reveal || record->note_ciphertext().empty()) continue;
    FRANK_ASSIGN_OR_RETURN(DataKey key, d_.vault.ReportKey(d_.engine, report));
    FRANK_ASSIGN_OR_RETURN(*shown->mutable_note(),
                           OpenNote(key, report, record->note_ciphertext()));
  }
  return absl::OkStatus();
}

absl::Status CaseView::AddEvidence(const CaseId& id, const DataKey& key,
                                   bool reveal,
                                   v1::GetCaseResponse* response) const {
  FRANK_ASSIGN_OR_RETURN(auto held, storage::ListCaseEvidence(d_.engine, id));
  RevealBudget budget{reveal, limits::kMaxRevealedBytes};
  for (const storage::HeldEvidence& evidence : held) {
    FRANK_ASSIGN_OR_RETURN(
        v1::Evidence shown,
        ShowEvidence(d_.engine, d_.vault, key, id, evidence.id, &budget));
    *(evidence.context ? response->add_context() : response->add_evidence()) =
        std::move(shown);
  }
  SortByTime(response->mutable_evidence());
  SortByTime(response->mutable_context());
  return absl::OkStatus();
}

absl::Status CaseView::AddDecisions(const CaseId& id, const DataKey& key,
                                    v1::GetCaseResponse* response) const {
  FRANK_ASSIGN_OR_RETURN(auto decisions, storage::ListDecisions(d_.engine, id));
  for (const storage::StoredDecision& decision : decisions) {
    FRANK_ASSIGN_OR_RETURN(
        std::string rationale,
        OpenRationale(key, decision.id,
                      decision.record.rationale_ciphertext()));
    *response->add_decision() =
        moderation::ToProto(decision.id, decision.record, rationale);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::GetCaseResponse> CaseView::Compose(const CaseId& id,
                                                      const CaseRecord& record,
                                                      bool reveal) const {
  v1::GetCaseResponse response;
  *response.mutable_case_summary() = moderation::ToProto(id, record);
  FRANK_ASSIGN_OR_RETURN(DataKey key, d_.vault.CaseKey(d_.engine, id));
  FRANK_RETURN_IF_ERROR(AddReports(id, reveal, &response));
  FRANK_RETURN_IF_ERROR(AddEvidence(id, key, reveal, &response));
  FRANK_RETURN_IF_ERROR(AddDecisions(id, key, &response));
  FRANK_ASSIGN_OR_RETURN(
      uint64_t notices,
      storage::GetMismatchNotices(d_.engine, record.accused_uri()));
  response.set_mismatch_notices(notices);
  return response;
}

absl::StatusOr<v1::GetCaseResponse> CaseView::Show(const CaseId& id) const {
  FRANK_ASSIGN_OR_RETURN(CaseRecord record, GetCaseUntracked(d_.engine, id));
  return Compose(id, record, false);
}

void CaseView::Reveal(const std::string& moderator, const CaseId& id,
                      services::Done<v1::GetCaseResponse> done) const {
  auto response = std::make_shared<v1::GetCaseResponse>();
  storage::RunTransaction(
      d_.engine,
      [this, moderator, id,
       response](storage::Transaction& transaction) -> absl::Status {
        FRANK_ASSIGN_OR_RETURN(CaseRecord record,
                               GetHeldCase(transaction, id, moderator));
        FRANK_ASSIGN_OR_RETURN(*response, Compose(id, record, true));
        ActLog acts(transaction, d_.clock.Now());
        crypto::AuditDetails details;
        details.Set("epoch", record.lease().epoch())
            .Set("evidence", uint64_t(response->evidence_size()))
            .Set("context", uint64_t(response->context_size()))
            .Set("reports", uint64_t(response->report_size()));
        FRANK_RETURN_IF_ERROR(acts.Add(CaseSubject(id),
                                       ModeratorActor(moderator),
                                       "evidence.revealed", details)
                                  .status());
        return acts.Write();
      },
      [response, done = std::move(done)](absl::Status status) mutable {
        if (!status.ok()) return done(std::move(status));
        done(std::move(*response));
      });
}

absl::StatusOr<v1::ListActsResponse> CaseView::Acts(const CaseId& id) const {
  FRANK_RETURN_IF_ERROR(GetCaseUntracked(d_.engine, id).status());
  FRANK_ASSIGN_OR_RETURN(
      auto acts,
      storage::ListActs(d_.engine, CaseSubject(id), 0, storage::kNoLimit));
  v1::ListActsResponse response;
  for (const storage::StoredAct& stored : acts) {
    absl::StatusOr<crypto::AuditEntry> entry =
        crypto::ParseAuditEntry(AsBytes(stored.entry));
    if (!entry.ok()) return absl::DataLossError("an act does not parse");
    v1::ListActsResponse::Act* act = response.add_act();
    act->set_number(stored.number);
    act->set_time(entry->time);
    act->set_actor(entry->actor);
    act->set_act(entry->act);
    act->set_subject(entry->subject);
    act->set_details(entry->details);
    act->set_sha256(ToString(crypto::Sha256({AsBytes(stored.entry)})));
  }
  return response;
}

}  // namespace frank::moderation

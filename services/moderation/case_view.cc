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

// What has to be left for another piece of evidence.
constexpr size_t kLeastRoom = 32u << 10;

absl::StatusOr<CaseRecord> GetCaseUntracked(storage::Engine& engine,
                                            const CaseId& id) {
  FRANK_ASSIGN_OR_RETURN(auto found, storage::FindCase(engine, id));
  if (!found) {
    return WithReason(absl::NotFoundError("no such case"), "NOT_FOUND");
  }
  return *std::move(found);
}

CaseId CaseIdOf(const v1::GetCaseRequest& request) {
  return CaseId(ToArray<CaseId::kSize>(AsBytes(request.case_id())));
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
  size_t budget = limits::kMaxVerdictsShownBytes;
  for (const auto& message : record.message()) {
    v1::MessageVerdict verdict = moderation::ToProto(message);
    if (!ShowBudget::Take(verdict.ByteSizeLong(), &budget)) break;
    *proto.add_message() = std::move(verdict);
  }
  proto.set_left_out_message_count(
      static_cast<uint32_t>(record.message_size() - proto.message_size()));
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

absl::StatusOr<v1::CaseReport> CaseView::ShowReport(
    const storage::ReportRef& report, bool reveal) const {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         storage::FindIntakeReport(d_.engine, report));
  if (!record) return absl::DataLossError("a report of a case is missing");
  v1::CaseReport shown = ToProto(report, *record);
  if (!reveal || record->note_ciphertext().empty()) return shown;
  FRANK_ASSIGN_OR_RETURN(DataKey key, d_.vault.ReportKey(d_.engine, report));
  FRANK_ASSIGN_OR_RETURN(*shown.mutable_note(),
                         OpenNote(key, report, record->note_ciphertext()));
  return shown;
}

absl::Status CaseView::AddReports(const CaseId& id, bool reveal,
                                  v1::GetCaseResponse* response) const {
  FRANK_ASSIGN_OR_RETURN(auto reports, storage::ListCaseReports(d_.engine, id));
  // The newest, when there are more than one answer holds.
  size_t first =
      reports.size() - std::min(reports.size(), limits::kMaxReportsShown);
  size_t budget = limits::kMaxReportsShownBytes;
  size_t i = reports.size();
  for (; i > first; --i) {
    FRANK_ASSIGN_OR_RETURN(v1::CaseReport shown,
                           ShowReport(reports[i - 1].report, reveal));
    if (!ShowBudget::Take(shown.ByteSizeLong() + 8, &budget)) break;
    *response->add_report() = std::move(shown);
  }
  std::reverse(response->mutable_report()->begin(),
               response->mutable_report()->end());
  response->set_left_out_report_count(static_cast<uint32_t>(i));
  return absl::OkStatus();
}

absl::Status CaseView::AddEvidence(const CaseId& id, const DataKey& key,
                                   const v1::GetCaseRequest& request,
                                   v1::GetCaseResponse* response) const {
  FRANK_ASSIGN_OR_RETURN(auto held, storage::ListCaseEvidence(d_.engine, id));
  EvidenceChoice choice{request.reveal(), request.file_tag(),
                        request.first_index()};
  ShowBudget budget;
  std::string last;
  for (const storage::HeldEvidence& evidence : held) {
    std::string position = evidence.id.Hex();
    if (position <= request.page_token()) continue;
    if (budget.rest < kLeastRoom) {
      response->set_next_page_token(last);
      break;
    }
    last = std::move(position);
    FRANK_ASSIGN_OR_RETURN(bool chosen,
                           HasTag(evidence.id, request.franking_tag()));
    if (!chosen) continue;
    FRANK_ASSIGN_OR_RETURN(v1::Evidence shown,
                           ShowEvidence(d_.engine, d_.vault, key, id,
                                        evidence.id, choice, &budget));
    *(evidence.context ? response->add_context() : response->add_evidence()) =
        std::move(shown);
  }
  SortByTime(response->mutable_evidence());
  SortByTime(response->mutable_context());
  return absl::OkStatus();
}

absl::StatusOr<bool> CaseView::HasTag(const storage::EvidenceId& id,
                                      const std::string& tag) const {
  if (tag.empty()) return true;
  FRANK_ASSIGN_OR_RETURN(auto record, storage::FindEvidence(d_.engine, id));
  return record && record->franking_tag() == tag;
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

absl::Status CaseView::AddNotes(const CaseId& id, const DataKey& key,
                                bool reveal,
                                v1::GetCaseResponse* response) const {
  FRANK_ASSIGN_OR_RETURN(auto notes, storage::ListCaseNotes(d_.engine, id));
  size_t first = notes.size() - std::min(notes.size(), limits::kMaxNotesShown);
  for (size_t i = first; i < notes.size(); ++i) {
    v1::CaseNote* shown = response->add_note();
    shown->set_moderator(notes[i].record.moderator());
    shown->set_written_at(notes[i].record.written_at());
    if (!reveal) continue;
    FRANK_ASSIGN_OR_RETURN(*shown->mutable_text(),
                           OpenCaseNote(key, id, notes[i]));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::GetCaseResponse> CaseView::Compose(
    const CaseId& id, const CaseRecord& record,
    const v1::GetCaseRequest& request) const {
  v1::GetCaseResponse response;
  *response.mutable_case_summary() = moderation::ToProto(id, record);
  FRANK_ASSIGN_OR_RETURN(DataKey key, d_.vault.CaseKey(d_.engine, id));
  if (request.franking_tag().empty() && request.page_token().empty()) {
    FRANK_RETURN_IF_ERROR(AddReports(id, request.reveal(), &response));
    FRANK_RETURN_IF_ERROR(AddDecisions(id, key, &response));
    FRANK_RETURN_IF_ERROR(AddNotes(id, key, request.reveal(), &response));
  }
  FRANK_RETURN_IF_ERROR(AddEvidence(id, key, request, &response));
  FRANK_ASSIGN_OR_RETURN(
      uint64_t notices,
      storage::GetMismatchNotices(d_.engine, record.accused_uri()));
  response.set_mismatch_notices(notices);
  return response;
}

absl::StatusOr<v1::GetCaseResponse> CaseView::Show(
    const v1::GetCaseRequest& request) const {
  CaseId id = CaseIdOf(request);
  FRANK_ASSIGN_OR_RETURN(CaseRecord record, GetCaseUntracked(d_.engine, id));
  return Compose(id, record, request);
}

void CaseView::Reveal(const Moderator& moderator,
                      const v1::GetCaseRequest& request,
                      services::Done<v1::GetCaseResponse> done) const {
  // Composed before the transaction, which must be short; it finds out whether
  // the lease was the caller's all the time.
  CaseId id = CaseIdOf(request);
  absl::StatusOr<CaseRecord> record = GetCaseUntracked(d_.engine, id);
  if (!record.ok()) return done(record.status());
  absl::Status held = CheckHeld(*record, moderator.id, CaseEvent::kReveal);
  if (!held.ok()) return done(held);
  absl::StatusOr<v1::GetCaseResponse> composed = Compose(id, *record, request);
  if (!composed.ok()) return done(composed.status());

  auto response = std::make_shared<v1::GetCaseResponse>(*std::move(composed));
  std::string tag = request.franking_tag();
  storage::RunTransaction(
      d_.engine,
      [this, moderator, id, epoch = record->lease().epoch(), tag,
       response](storage::Transaction& transaction) -> absl::Status {
        FRANK_RETURN_IF_ERROR(GetHeldCase(transaction, id, moderator.id, epoch,
                                          CaseEvent::kReveal)
                                  .status());
        crypto::AuditDetails details;
        details.Set("epoch", epoch)
            .Set("evidence", uint64_t(response->evidence_size()))
            .Set("context", uint64_t(response->context_size()))
            .Set("reports", uint64_t(response->report_size()));
        if (!tag.empty()) details.SetHex("franking_tag", AsBytes(tag));
        ActLog acts(transaction, d_.clock.Now());
        FRANK_RETURN_IF_ERROR(acts.Add(CaseSubject(id),
                                       ModeratorActor(moderator.id),
                                       "evidence.revealed", details)
                                  .status());
        return acts.Write();
      },
      [response, done = std::move(done)](absl::Status status) mutable {
        if (!status.ok()) return done(std::move(status));
        done(std::move(*response));
      });
}

absl::StatusOr<v1::ListActsResponse> CaseView::Acts(const CaseId& id,
                                                    uint64_t after) const {
  FRANK_RETURN_IF_ERROR(GetCaseUntracked(d_.engine, id).status());
  FRANK_ASSIGN_OR_RETURN(auto acts,
                         storage::ListActs(d_.engine, CaseSubject(id), after,
                                           limits::kMaxActsShown + 1));
  v1::ListActsResponse response;
  response.set_more(acts.size() > limits::kMaxActsShown);
  if (response.more()) acts.pop_back();
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

#include "services/moderation/case_view.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "core/limits.h"
#include "core/status.h"
#include "services/moderation/act_log.h"
#include "services/moderation/act_view.h"
#include "services/moderation/appeals.h"
#include "services/moderation/case_access.h"
#include "services/moderation/case_desk.h"
#include "services/moderation/case_note.h"
#include "services/moderation/case_search.h"
#include "services/moderation/decision_proto.h"
#include "services/moderation/evidence_view.h"
#include "services/moderation/legal_holds.h"
#include "services/moderation/referral_desk.h"
#include "services/moderation/report_note.h"
#include "services/moderation/review_proto.h"
#include "storage/appeal_store.h"
#include "storage/case_list_store.h"
#include "storage/decision_store.h"
#include "storage/evidence_store.h"
#include "storage/intake_store.h"
#include "storage/moderation_account_store.h"

namespace frank::moderation {
namespace {

using storage::v1::CaseRecord;

// What has to be left for another piece of evidence.
constexpr size_t kLeastRoom = 32u << 10;

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
  proto.set_taxonomy_version(record.taxonomy_version());
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

absl::StatusOr<v1::ListCasesResponse> CaseView::List(
    const Moderator& moderator, const v1::ListCasesRequest& request) const {
  CaseQuery query = QueryOf(request);
  query.reader = moderator;
  FRANK_ASSIGN_OR_RETURN(CaseHits hits,
                         CaseSearch(d_.engine, d_.vault, query).Run());
  return ToResponse<v1::ListCasesResponse>(hits);
}

absl::StatusOr<CaseRecord> CaseView::Find(const CaseId& id) const {
  FRANK_ASSIGN_OR_RETURN(auto found, storage::FindCase(d_.engine, id));
  if (!found) {
    return WithReason(absl::NotFoundError("no such case"), "NOT_FOUND");
  }
  return *std::move(found);
}

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
                                  ShownCase* shown_case) const {
  v1::GetCaseResponse* response = &shown_case->response;
  // When there are more than one answer holds.
  FRANK_ASSIGN_OR_RETURN(
      auto newest,
      storage::ListNewestCaseReports(d_.engine, id, limits::kMaxReportsShown));
  size_t budget = limits::kMaxReportsShownBytes;
  for (const storage::CaseReport& report : newest) {
    FRANK_ASSIGN_OR_RETURN(v1::CaseReport shown,
                           ShowReport(report.report, reveal));
    if (!ShowBudget::Take(shown.ByteSizeLong() + 8, &budget)) break;
    if (!shown.note().empty()) ++shown_case->revealed_notes;
    *response->add_report() = std::move(shown);
  }
  std::reverse(response->mutable_report()->begin(),
               response->mutable_report()->end());
  // A duplicate counts what it had; that is in the other case now.
  bool moved = response->case_summary().state() == v1::CASE_STATE_DUPLICATE;
  uint32_t count = moved ? 0 : response->case_summary().report_count();
  uint32_t shown = static_cast<uint32_t>(response->report_size());
  response->set_left_out_report_count(count - std::min(count, shown));
  return absl::OkStatus();
}

absl::Status CaseView::AddEvidence(const CaseId& id, const DataKey& key,
                                   const v1::GetCaseRequest& request,
                                   ShownCase* shown_case) const {
  v1::GetCaseResponse* response = &shown_case->response;
  FRANK_ASSIGN_OR_RETURN(auto held, storage::ListCaseEvidence(d_.engine, id));
  std::set<std::string> named(request.reveal_tag().begin(),
                              request.reveal_tag().end());
  ShowBudget budget;
  std::string last;
  for (const storage::HeldEvidence& evidence : held) {
    std::string position = evidence.id.Hex();
    if (position <= request.page_token()) continue;
    if (budget.rest < kLeastRoom || budget.opened == 0 ||
        shown_case->revealed.size() == limits::kMaxRevealedPieces) {
      response->set_next_page_token(last);
      break;
    }
    last = std::move(position);
    FRANK_ASSIGN_OR_RETURN(std::string tag, TagOf(evidence.id));
    if (!request.franking_tag().empty() && tag != request.franking_tag()) {
      continue;
    }
    EvidenceChoice choice{request.reveal() || named.count(tag) > 0,
                          request.text_only(), request.file_tag(),
                          request.first_index(), request.index_count()};
    FRANK_ASSIGN_OR_RETURN(v1::Evidence shown,
                           ShowEvidence(d_.engine, d_.vault, key, id,
                                        evidence.id, choice, &budget));
    if (choice.reveal) {
      shown_case->revealed.push_back(
          {evidence.id, tag, evidence.context, request.text_only()});
    }
    *(evidence.context ? response->add_context() : response->add_evidence()) =
        std::move(shown);
  }
  SortByTime(response->mutable_evidence());
  SortByTime(response->mutable_context());
  return absl::OkStatus();
}

absl::StatusOr<std::string> CaseView::TagOf(
    const storage::EvidenceId& id) const {
  FRANK_ASSIGN_OR_RETURN(auto record, storage::FindEvidence(d_.engine, id));
  if (!record) return absl::DataLossError("evidence of a case is missing");
  return record->franking_tag();
}

absl::Status CaseView::AddDecisions(const CaseId& id,
                                    const absl::optional<DataKey>& key,
                                    bool reveal, ShownCase* shown) const {
  FRANK_ASSIGN_OR_RETURN(auto decisions, storage::ListDecisions(d_.engine, id));
  for (const storage::StoredDecision& decision : decisions) {
    v1::Decision* added = shown->response.add_decision();
    FRANK_ASSIGN_OR_RETURN(*added,
                           ShowDecision(key, id, decision.id, decision.record));
    FRANK_ASSIGN_OR_RETURN(auto referral,
                           storage::FindReferral(d_.engine, decision.id));
    if (referral) {
      *shown->response.add_referral() =
          moderation::ToProto(storage::StoredReferral{decision.id, *referral});
    }
    if (!reveal) continue;
    FRANK_RETURN_IF_ERROR(RevealAppeal(id, decision.id, added, shown));
  }
  return absl::OkStatus();
}

// Of a decision about several cases the first has the appeal.
absl::Status CaseView::RevealAppeal(const CaseId& case_id, const DecisionId& id,
                                    v1::Decision* decision,
                                    ShownCase* shown) const {
  for (v1::DecisionEvent& event : *decision->mutable_event()) {
    if (event.kind() != v1::DECISION_EVENT_KIND_APPEALED) continue;
    FRANK_ASSIGN_OR_RETURN(auto record, storage::FindAppeal(d_.engine, id));
    if (!record) return absl::DataLossError("an appeal is missing");
    if (record->case_id() != case_id.text()) continue;
    FRANK_ASSIGN_OR_RETURN(
        auto words, ReadAppeal(d_.engine, d_.vault, d_.judge, id, *record));
    if (!words) continue;
    event.set_reason(ToString(words->bytes()));
    ++shown->revealed_notes;
  }
  return absl::OkStatus();
}

absl::Status CaseView::AddNotes(const CaseId& id, const DataKey& key,
                                bool reveal, const std::string& before,
                                ShownCase* shown_case) const {
  // One more than is shown tells whether there are older ones.
  FRANK_ASSIGN_OR_RETURN(
      auto notes, storage::ListNewestCaseNotes(d_.engine, id, before,
                                               limits::kMaxNotesShown + 1));
  v1::GetCaseResponse* response = &shown_case->response;
  if (notes.size() > limits::kMaxNotesShown) {
    notes.pop_back();
    response->set_next_note_page_token(
        absl::WebSafeBase64Escape(storage::NotePositionOf(notes.back())));
  }
  for (auto note = notes.rbegin(); note != notes.rend(); ++note) {
    v1::CaseNote* shown = response->add_note();
    shown->set_moderator(note->record.moderator());
    shown->set_written_at(note->record.written_at());
    if (!reveal) continue;
    FRANK_ASSIGN_OR_RETURN(*shown->mutable_text(),
                           OpenCaseNote(key, id, *note));
    ++shown_case->revealed_notes;
  }
  return absl::OkStatus();
}

absl::Status CaseView::AddLinks(const CaseId& id,
                                v1::GetCaseResponse* response) const {
  FRANK_ASSIGN_OR_RETURN(
      auto links,
      storage::ListCaseLinks(d_.engine, id, limits::kMaxLinksOfCase));
  for (const storage::LinkedCase& linked : links) {
    v1::CaseLink* shown = response->add_link();
    shown->set_case_id(ToString(linked.id.bytes()));
    shown->set_kind(static_cast<v1::CaseLinkKind>(linked.link.kind()));
    shown->set_moderator(linked.link.moderator());
    shown->set_linked_at(linked.link.linked_at());
  }
  return absl::OkStatus();
}

// Of a case that was shredded: who reported, what was decided, and no words.
absl::Status CaseView::AddRemains(const CaseId& id, ShownCase* shown) const {
  FRANK_RETURN_IF_ERROR(AddReports(id, false, shown));
  FRANK_RETURN_IF_ERROR(AddDecisions(id, absl::nullopt, false, shown));
  return AddLinks(id, &shown->response);
}

absl::Status CaseView::AddReasons(const CaseId& id, const CaseRecord& record,
                                  const DataKey& key,
                                  v1::GetCaseResponse* response) const {
  FRANK_ASSIGN_OR_RETURN(*response->mutable_hold_reason(),
                         OpenHoldReason(key, id, record));
  auto* holds = response->mutable_case_summary()->mutable_legal_hold();
  holds->Clear();
  for (const auto& hold : record.retention().legal_hold()) {
    FRANK_ASSIGN_OR_RETURN(*holds->Add(), ShowLegalHold(key, id, hold));
  }
  return absl::OkStatus();
}

absl::StatusOr<ShownCase> CaseView::Compose(
    const CaseId& id, const CaseRecord& record,
    const v1::GetCaseRequest& request) const {
  absl::StatusOr<ShownCase> shown = ComposeAsItIs(id, record, request);
  if (!absl::IsDataLoss(shown.status())) return shown;
  // What was read may have been erased on the way.
  FRANK_ASSIGN_OR_RETURN(CaseRecord now, Find(id));
  if (storage::IsErased(record.state()) || !storage::IsErased(now.state())) {
    return shown;
  }
  return ComposeAsItIs(id, now, request);
}

absl::StatusOr<ShownCase> CaseView::ComposeAsItIs(
    const CaseId& id, const CaseRecord& record,
    const v1::GetCaseRequest& request) const {
  ShownCase shown;
  *shown.response.mutable_case_summary() = moderation::ToProto(id, record);
  if (storage::IsErased(record.state())) {
    FRANK_RETURN_IF_ERROR(AddRemains(id, &shown));
    return shown;
  }
  absl::optional<DataKey> key;
  FRANK_ASSIGN_OR_RETURN(key, d_.vault.CaseKey(d_.engine, id));
  bool notes = request.reveal() || request.reveal_notes();
  if (!request.note_page_token().empty()) {
    std::string before;
    absl::WebSafeBase64Unescape(request.note_page_token(), &before);
    FRANK_RETURN_IF_ERROR(AddNotes(id, *key, notes, before, &shown));
    return shown;
  }
  if (request.franking_tag().empty() && request.page_token().empty()) {
    FRANK_RETURN_IF_ERROR(AddReports(id, notes, &shown));
    FRANK_RETURN_IF_ERROR(AddDecisions(id, key, notes, &shown));
    FRANK_RETURN_IF_ERROR(AddNotes(id, *key, notes, "", &shown));
    FRANK_RETURN_IF_ERROR(AddLinks(id, &shown.response));
    FRANK_RETURN_IF_ERROR(AddReasons(id, record, *key, &shown.response));
  }
  FRANK_RETURN_IF_ERROR(AddEvidence(id, *key, request, &shown));
  FRANK_ASSIGN_OR_RETURN(
      uint64_t notices,
      storage::GetMismatchNotices(d_.engine, record.accused_uri()));
  shown.response.set_mismatch_notices(notices);
  return shown;
}

absl::StatusOr<v1::GetCaseResponse> CaseView::Show(
    const Moderator& moderator, const v1::GetCaseRequest& request) const {
  CaseId id = CaseIdOf(request);
  FRANK_ASSIGN_OR_RETURN(CaseRecord record, Find(id));
  FRANK_RETURN_IF_ERROR(CheckAccess(moderator, record));
  FRANK_ASSIGN_OR_RETURN(ShownCase shown, Compose(id, record, request));
  return std::move(shown.response);
}

absl::StatusOr<v1::ListActsResponse> CaseView::Acts(const CaseId& id,
                                                    uint64_t after) const {
  FRANK_RETURN_IF_ERROR(Find(id).status());
  return ShowActs(d_.engine, CaseSubject(id), after);
}

}  // namespace frank::moderation

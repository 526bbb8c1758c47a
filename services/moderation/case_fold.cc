#include "services/moderation/case_fold.h"

#include <algorithm>
#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "crypto/report.h"
#include "frank/v1/review.pb.h"
#include "services/moderation/case_closing.h"
#include "services/moderation/case_facts.h"
#include "services/moderation/case_lease.h"
#include "services/moderation/report_note.h"
#include "services/moderation/target_events.h"
#include "storage/case_list_store.h"
#include "storage/reporter_store.h"

namespace frank::moderation {
namespace {

using storage::v1::IntakeReportRecord;

// Whether judging again changed any verdict.
bool Changed(const IntakeReportRecord& record, const JudgedReport& judged) {
  if (record.condition() != judged.condition) return true;
  if (record.message_size() != static_cast<int>(judged.verdicts.size())) {
    return true;
  }
  for (int i = 0; i < record.message_size(); ++i) {
    if (record.message(i).verdict() != judged.verdicts[i].verdict()) {
      return true;
    }
  }
  return false;
}

// From when the time to decide counts. The platform's clock can bring a
// deadline forward, never put it off. What waited and proves nothing all the
// same is due no sooner than if it came now: the end of a mute makes nothing
// urgent.
UnixMillis CountsFrom(const FoldItem& item, UnixMillis now) {
  bool waited = item.was_held || item.again;
  if (waited && !Proves(item.judged) && !item.judged.trusted_unproven) {
    return now;
  }
  return std::min(item.accepted_at, item.received_at);
}

}  // namespace

void ScheduleRetry(storage::Transaction& transaction, UnixMillis now,
                   const storage::ReportRef& report,
                   IntakeReportRecord* record) {
  UnixMillis next = now + limits::kUnknownKeyRetryInterval;
  bool again = next <= record->received_at() + limits::kUnknownKeyRetry;
  record->set_retry_at(again ? next : 0);
  if (again) storage::PutRetry(transaction, next, report);
}

CaseFold::CaseFold(const Context& context, storage::Transaction& transaction)
    : context_(context),
      transaction_(transaction),
      acts_(transaction, context.now),
      tally_(transaction) {}

absl::Status CaseFold::Add(const FoldItem& item) {
  FRANK_ASSIGN_OR_RETURN(
      auto record, storage::FindIntakeReport(transaction_, item.due.report));
  if (!record) return absl::DataLossError("a report that is due is missing");
  if (record->condition() == kReportWaiting) {
    return AddWaiting(item, *std::move(record));
  }
  // Its time was changed since it was found due: somebody else's work.
  if (record->retry_at() != item.due.due) return absl::OkStatus();
  return AddRetry(item, *std::move(record));
}

absl::Status CaseFold::AddWaiting(const FoldItem& item,
                                  IntakeReportRecord record) {
  FRANK_RETURN_IF_ERROR(LoadCase(item.judged));
  storage::DeleteWaiting(transaction_, item.due.due, item.due.report);
  if (item.was_held) storage::DeleteHeldReport(transaction_, item.due.report);
  FRANK_RETURN_IF_ERROR(
      tally_.AddReport(item.due.report.reporter_uri, item.judged));
  FRANK_RETURN_IF_ERROR(Join(item, &record));
  FRANK_RETURN_IF_ERROR(Describe(item, &record));
  FRANK_RETURN_IF_ERROR(AddEvidence(item));
  Schedule(item, &record);
  storage::PutIntakeReport(transaction_, item.due.report, record);
  CountInflow(item, /*is_new=*/true);
  return Record(item, "report.opened");
}

absl::Status CaseFold::AddRetry(const FoldItem& item,
                                IntakeReportRecord record) {
  storage::DeleteRetry(transaction_, item.due.due, item.due.report);
  if (!Changed(record, item.judged)) {
    Schedule(item, &record);
    storage::PutIntakeReport(transaction_, item.due.report, record);
    return absl::OkStatus();
  }
  FRANK_RETURN_IF_ERROR(LoadCase(item.judged));
  FRANK_RETURN_IF_ERROR(
      tally_.AddAgain(item.due.report.reporter_uri, item.judged, record));
  if (record.case_id() == id_.text()) {
    UncountVerdicts(record, &after_);
    CountVerdicts(item.judged, &after_);
    AddFacts(item.judged, CountsFrom(item, context_.now), &after_);
    storage::PutCaseReport(transaction_, id_, record.accepted_at(),
                           {item.due.report, Proves(item.judged)});
  } else {
    FRANK_RETURN_IF_ERROR(LeaveCase(item, record));
    FRANK_RETURN_IF_ERROR(Join(item, &record));
  }
  FRANK_RETURN_IF_ERROR(Describe(item, &record));
  FRANK_RETURN_IF_ERROR(AddEvidence(item));
  Schedule(item, &record);
  storage::PutIntakeReport(transaction_, item.due.report, record);
  CountInflow(item, /*is_new=*/false);
  return Record(item, "report.judged");
}

absl::Status CaseFold::LoadCase(const JudgedReport& judged) {
  if (key_) return absl::OkStatus();
  FRANK_ASSIGN_OR_RETURN(absl::optional<CaseId> open,
                         storage::FindOpenCase(transaction_, judged.accused_uri,
                                               judged.policy_area));
  if (!open) return OpenCase(judged);
  id_ = *open;
  FRANK_ASSIGN_OR_RETURN(before_, storage::FindCase(transaction_, id_));
  if (!before_) return absl::DataLossError("an open case is missing");
  after_ = *before_;
  FRANK_ASSIGN_OR_RETURN(key_, context_.vault.CaseKey(transaction_, id_));
  evidence_.emplace(context_.vault, transaction_, id_, *key_);
  return absl::OkStatus();
}

absl::Status CaseFold::OpenCase(const JudgedReport& judged) {
  id_ = context_.new_case_id;
  after_.set_accused_uri(judged.accused_uri);
  after_.set_policy_area(judged.policy_area);
  after_.set_opened_at(context_.now);
  after_.set_state(storage::kCaseOpen);
  inflow_.set_opened(1);
  FRANK_ASSIGN_OR_RETURN(key_, context_.vault.AddCaseKey(transaction_, id_));
  evidence_.emplace(context_.vault, transaction_, id_, *key_);
  FRANK_RETURN_IF_ERROR(LinkPredecessor());
  return acts_
      .Add(CaseSubject(id_), ServiceActor(), "case.opened",
           crypto::AuditDetails().Set("policy_area", judged.policy_area))
      .status();
}

absl::Status CaseFold::LinkPredecessor() {
  if (after_.accused_uri().empty()) return absl::OkStatus();
  FRANK_ASSIGN_OR_RETURN(
      absl::optional<CaseId> before,
      storage::FindNewestCase(context_.engine, after_.accused_uri(),
                              after_.policy_area()));
  if (!before) return absl::OkStatus();
  storage::v1::CaseLinkRecord link;
  link.set_kind(v1::CASE_LINK_KIND_SUCCESSOR);
  link.set_linked_at(context_.now);
  storage::PutCaseLink(transaction_, id_, *before, link);
  return acts_
      .Add(CaseSubject(id_), ServiceActor(), "case.linked",
           crypto::AuditDetails()
               .SetHex("other", before->bytes())
               .Set("kind", "successor"))
      .status();
}

absl::Status CaseFold::Join(const FoldItem& item, IntakeReportRecord* record) {
  const JudgedReport& judged = item.judged;
  record->set_case_id(ToString(id_.bytes()));
  storage::PutCaseReport(transaction_, id_, record->accepted_at(),
                         {item.due.report, Proves(judged)});
  // From now on the report is readable through its case alone.
  FRANK_RETURN_IF_ERROR(context_.vault.PutReportKey(
      transaction_, item.due.report, item.key, id_, *key_));
  storage::PutReporterOfCase(transaction_, item.due.report.reporter_uri,
                             after_.opened_at(), id_);
  FRANK_ASSIGN_OR_RETURN(uint32_t weight,
                         tally_.WeightOf(item.due.report.reporter_uri));
  after_.set_reporter_weight(std::max(after_.reporter_weight(), weight));
  after_.set_report_count(after_.report_count() + 1);
  CountVerdicts(judged, &after_);
  AddFacts(judged, CountsFrom(item, context_.now), &after_);
  if (judged.clear_mismatch) after_.set_clear_mismatch(true);
  return absl::OkStatus();
}

absl::Status CaseFold::LeaveCase(const FoldItem& item,
                                 const IntakeReportRecord& record) {
  FRANK_ASSIGN_OR_RETURN(CaseId id, CaseId::Parse("case_id", record.case_id()));
  auto left = left_.find(id);
  if (left == left_.end()) {
    FRANK_ASSIGN_OR_RETURN(auto found, storage::FindCase(transaction_, id));
    if (!found) return absl::DataLossError("the case of a report is missing");
    left = left_.emplace(id, LeftCase{*found, *found}).first;
  }
  storage::v1::CaseRecord& after = left->second.after;
  FRANK_RETURN_IF_ERROR(CarryLegalHolds(id, after, id_, acts_, &after_));
  // A case that was decided on less than is known now keeps its history.
  if (!storage::TakesReports(after.state())) return absl::OkStatus();
  storage::DeleteCaseReport(transaction_, id, record.accepted_at(),
                            item.due.report);
  after.set_report_count(after.report_count() - 1);
  UncountVerdicts(record, &after);
  return acts_
      .Add(CaseSubject(id), ServiceActor(), "report.moved",
           crypto::AuditDetails()
               .SetHex("report", item.due.report.id.bytes())
               .SetHex("to", id_.bytes()))
      .status();
}

absl::Status CaseFold::AddEvidence(const FoldItem& item) {
  const std::string& reporter = item.due.report.reporter_uri;
  bool entitled = false;
  for (const ProvenMessage& message : item.judged.proven) {
    bool context = message.frank->sender_uri() != item.judged.accused_uri;
    FRANK_ASSIGN_OR_RETURN(EvidenceMerge::Added added,
                           evidence_->Add(message, item.due.report, context));
    if (context) continue;
    if (added.replayed) FRANK_RETURN_IF_ERROR(tally_.AddReplay(reporter));
    entitled = entitled || added.entitled;
    if (added.is_new) after_.set_proven_count(after_.proven_count() + 1);
    if (added.replayed) after_.set_replay_count(after_.replay_count() + 1);
  }
  return entitled ? CountProvenReporter(reporter) : absl::OkStatus();
}

absl::Status CaseFold::CountProvenReporter(const std::string& reporter) {
  if (!proven_reporters_.insert(reporter).second) return absl::OkStatus();
  FRANK_ASSIGN_OR_RETURN(
      bool counted, storage::IsProvenReporter(transaction_, id_, reporter));
  if (counted) return absl::OkStatus();
  storage::AddProvenReporter(transaction_, id_, reporter);
  after_.set_proven_reporter_count(after_.proven_reporter_count() + 1);
  return absl::OkStatus();
}

absl::Status CaseFold::Describe(const FoldItem& item,
                                IntakeReportRecord* record) {
  const JudgedReport& judged = item.judged;
  record->set_condition(judged.condition);
  record->set_accused_uri(judged.accused_uri);
  record->set_reason(judged.reason);
  record->set_taxonomy_version(judged.taxonomy_version);
  record->set_policy_area(judged.policy_area);
  record->set_reported_at(judged.reported_at);
  record->set_clear_mismatch(judged.clear_mismatch);
  record->clear_message();
  for (const auto& verdict : judged.verdicts) *record->add_message() = verdict;
  if (judged.content == nullptr || judged.content->note().empty()) {
    return absl::OkStatus();
  }
  FRANK_ASSIGN_OR_RETURN(*record->mutable_note_ciphertext(),
                         SealNote(context_.vault.random(), item.key,
                                  item.due.report, judged.content->note()));
  return absl::OkStatus();
}

void CaseFold::Schedule(const FoldItem& item, IntakeReportRecord* record) {
  record->set_judged_with(item.judged_with);
  record->set_retry_at(0);
  if (AwaitsKey(item.judged)) {
    ScheduleRetry(transaction_, context_.now, item.due.report, record);
  }
}

absl::Status CaseFold::Record(const FoldItem& item, absl::string_view act) {
  const JudgedReport& judged = item.judged;
  crypto::AuditDetails details;
  details.SetHex("report", item.due.report.id.bytes())
      .Set("condition",
           judged.condition == kReportOpened ? "opened" : "unopenable")
      .Set("messages", uint64_t{judged.verdicts.size()})
      .Set("proven", uint64_t{judged.proven.size()})
      .SetBool("clear_mismatch", judged.clear_mismatch);
  return acts_.Add(CaseSubject(id_), ServiceActor(), act, details).status();
}

void CaseFold::CountInflow(const FoldItem& item, bool is_new) {
  if (!first_report_) first_report_ = item.due.report.id;
  if (is_new) {
    inflow_.set_reports(inflow_.reports() + 1);
    if (item.judged.condition != kReportOpened) {
      inflow_.set_unopenable_reports(inflow_.unopenable_reports() + 1);
    }
  }
  AddFindings(item.new_verdicts, &inflow_);
}

// A case that was put off comes back for what is new in it.
absl::Status CaseFold::WakeForNews() {
  if (after_.state() != storage::kCaseOnHold) return absl::OkStatus();
  if (after_.proven_count() == before_->proven_count() &&
      after_.severity() == before_->severity() &&
      after_.deadline() == before_->deadline()) {
    return absl::OkStatus();
  }
  FRANK_RETURN_IF_ERROR(Wake(&after_));
  return acts_
      .Add(CaseSubject(id_), ServiceActor(), "case.woken",
           crypto::AuditDetails())
      .status();
}

absl::Status CaseFold::Write() {
  if (key_) {
    FRANK_RETURN_IF_ERROR(evidence_->Write());
    FRANK_RETURN_IF_ERROR(WakeForNews());
    // What PutCase makes the revision.
    after_.set_joined_revision(after_.revision() + 1);
    FRANK_RETURN_IF_ERROR(
        RouteCase(context_.routing, transaction_, id_, acts_, &after_));
    FRANK_RETURN_IF_ERROR(storage::PutCase(
        transaction_, id_, before_ ? &*before_ : nullptr, &after_));
    if (first_report_) {
      NoteInflow(transaction_, context_.now, id_, first_report_->bytes(),
                 after_, inflow_);
    }
  }
  for (auto& [id, left] : left_) {
    if (!storage::TakesReports(left.before.state())) continue;
    FRANK_RETURN_IF_ERROR(
        RouteCase(context_.routing, transaction_, id, acts_, &left.after));
    FRANK_RETURN_IF_ERROR(
        storage::PutCase(transaction_, id, &left.before, &left.after));
  }
  tally_.Write();
  return acts_.Write();
}

}  // namespace frank::moderation

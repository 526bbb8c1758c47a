#include "services/moderation/case_merge.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "core/limits.h"
#include "core/status.h"
#include "services/moderation/case_access.h"
#include "services/moderation/case_closing.h"
#include "services/moderation/case_facts.h"
#include "services/moderation/case_lease.h"
#include "services/moderation/review_proto.h"
#include "storage/case_list_store.h"
#include "storage/intake_store.h"
#include "storage/wrapped_key_store.h"

namespace frank::moderation {
namespace {

using storage::v1::CaseRecord;

absl::Status TooLarge() {
  return WithReason(
      absl::ResourceExhaustedError("the case holds too much to be moved"),
      "TOO_LARGE");
}

}  // namespace

CaseMerge::CaseMerge(storage::Engine& engine, const KeyVault& vault,
                     const Routing& routing, storage::Transaction& transaction,
                     const Input& input)
    : engine_(engine),
      vault_(vault),
      routing_(routing),
      transaction_(transaction),
      input_(input),
      acts_(transaction, input.now) {}

absl::StatusOr<v1::MarkDuplicateResponse> CaseMerge::Run() {
  FRANK_RETURN_IF_ERROR(Load());
  FRANK_RETURN_IF_ERROR(MoveReports());
  FRANK_RETURN_IF_ERROR(MoveEvidence());
  AddFacts();
  FRANK_RETURN_IF_ERROR(
      CarryLegalHolds(input_.from, from_, input_.into, acts_, &into_));
  FRANK_RETURN_IF_ERROR(Write());
  v1::MarkDuplicateResponse response;
  *response.mutable_into() = ToProto(input_.into, into_);
  return response;
}

absl::Status CaseMerge::Load() {
  if (input_.from == input_.into) {
    return FieldError("into_case_id", "must be another case");
  }
  FRANK_ASSIGN_OR_RETURN(
      from_, GetHeldCase(transaction_, input_.from, input_.moderator.id,
                         input_.epoch, CaseEvent::kMerge));
  FRANK_ASSIGN_OR_RETURN(into_before_, GetCase(transaction_, input_.into));
  for (const CaseRecord* record : {&from_, &into_before_}) {
    FRANK_RETURN_IF_ERROR(CheckAccess(transaction_, input_.moderator, *record));
  }
  FRANK_RETURN_IF_ERROR(
      StateAfter(into_before_.state(), CaseEvent::kJoin).status());
  if (from_.accused_uri() != into_before_.accused_uri()) {
    return WithReason(
        absl::FailedPreconditionError("the other case accuses another account"),
        "OTHER_ACCUSED");
  }
  // The permission for child safety hangs on the policy area.
  if ((from_.policy_area() == kChildSafetyArea) !=
      (into_before_.policy_area() == kChildSafetyArea)) {
    return WithReason(absl::FailedPreconditionError(
                          "one of the cases is of child safety, and the other "
                          "is not"),
                      "OTHER_AREA");
  }
  into_ = into_before_;
  if (into_.state() == storage::kCaseOnHold) FRANK_RETURN_IF_ERROR(WakeInto());
  FRANK_ASSIGN_OR_RETURN(from_key_, vault_.CaseKey(transaction_, input_.from));
  FRANK_ASSIGN_OR_RETURN(into_key_, vault_.CaseKey(transaction_, input_.into));
  return absl::OkStatus();
}

// What joins is news: nobody puts it off unseen.
absl::Status CaseMerge::WakeInto() {
  FRANK_RETURN_IF_ERROR(Wake(&into_));
  return acts_
      .Add(CaseSubject(input_.into), ModeratorActor(input_.moderator.id),
           "case.woken", crypto::AuditDetails())
      .status();
}

absl::Status CaseMerge::MoveReports() {
  if (from_.report_count() > limits::kMaxMovedReports ||
      from_.report_count() + into_.report_count() > limits::kMaxReportsOfCase) {
    return TooLarge();
  }
  FRANK_ASSIGN_OR_RETURN(auto reports,
                         storage::ListCaseReports(engine_, input_.from));
  std::set<std::string> provers;
  for (const storage::CaseReport& report : reports) {
    FRANK_RETURN_IF_ERROR(MoveReport(report));
    if (report.proves) provers.insert(report.report.reporter_uri);
  }
  for (const std::string& reporter : provers) {
    FRANK_RETURN_IF_ERROR(MoveProvenReporter(reporter));
  }
  into_.set_report_count(into_.report_count() + from_.report_count());
  into_.set_unproven_count(into_.unproven_count() + from_.unproven_count());
  into_.set_forged_count(into_.forged_count() + from_.forged_count());
  into_.set_forged_report_count(into_.forged_report_count() +
                                from_.forged_report_count());
  into_.set_replay_count(into_.replay_count() + from_.replay_count());
  return absl::OkStatus();
}

absl::Status CaseMerge::MoveReport(const storage::CaseReport& report) {
  FRANK_ASSIGN_OR_RETURN(
      auto record, storage::FindIntakeReport(transaction_, report.report));
  if (!record) return absl::DataLossError("a report of a case is missing");
  FRANK_ASSIGN_OR_RETURN(DataKey key, vault_.ReportKey(engine_, report.report));
  FRANK_RETURN_IF_ERROR(vault_.PutReportKey(transaction_, report.report, key,
                                            input_.into, *into_key_));
  record->set_case_id(ToString(input_.into.bytes()));
  storage::PutIntakeReport(transaction_, report.report, *record);
  storage::DeleteCaseReport(transaction_, input_.from, record->accepted_at(),
                            report.report);
  storage::PutCaseReport(transaction_, input_.into, record->accepted_at(),
                         report);
  storage::PutReporterOfCase(transaction_, report.report.reporter_uri,
                             into_.opened_at(), input_.into);
  return absl::OkStatus();
}

absl::Status CaseMerge::MoveProvenReporter(const std::string& reporter) {
  // Who only brought again what others had brought was not counted there.
  FRANK_ASSIGN_OR_RETURN(
      bool entitled,
      storage::IsProvenReporter(transaction_, input_.from, reporter));
  if (!entitled) return absl::OkStatus();
  FRANK_ASSIGN_OR_RETURN(
      bool counted,
      storage::IsProvenReporter(transaction_, input_.into, reporter));
  if (counted) return absl::OkStatus();
  storage::AddProvenReporter(transaction_, input_.into, reporter);
  into_.set_proven_reporter_count(into_.proven_reporter_count() + 1);
  return absl::OkStatus();
}

absl::Status CaseMerge::MoveEvidence() {
  FRANK_ASSIGN_OR_RETURN(auto held,
                         storage::ListCaseEvidence(engine_, input_.from));
  if (held.size() > limits::kMaxMovedEvidence) return TooLarge();
  for (const storage::HeldEvidence& evidence : held) {
    FRANK_RETURN_IF_ERROR(MovePiece(evidence));
  }
  return absl::OkStatus();
}

// Nothing of it stays behind: what the other case loses by a decision, no key
// of this one opens.
absl::Status CaseMerge::MovePiece(const storage::HeldEvidence& evidence) {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         storage::FindEvidence(transaction_, evidence.id));
  if (!record) return absl::DataLossError("evidence of a case is missing");
  FRANK_ASSIGN_OR_RETURN(
      auto known,
      storage::FindCaseEvidence(transaction_, input_.into, evidence.id));
  google::protobuf::RepeatedPtrField<std::string> holders;
  for (const std::string& holder : record->case_id()) {
    if (holder != input_.from.text()) *holders.Add() = holder;
  }
  if (!known) {
    FRANK_RETURN_IF_ERROR(ShareKey(evidence.id));
    *holders.Add() = ToString(input_.into.bytes());
    storage::v1::CaseEvidenceRecord link;
    link.set_context(evidence.context);
    storage::PutCaseEvidence(transaction_, input_.into, evidence.id, link);
    if (!evidence.context) into_.set_proven_count(into_.proven_count() + 1);
  }
  *record->mutable_case_id() = std::move(holders);
  storage::PutEvidence(transaction_, evidence.id, *record);
  storage::DeleteEvidenceKey(transaction_, evidence.id, input_.from);
  storage::DeleteCaseEvidence(transaction_, input_.from, evidence.id);
  return absl::OkStatus();
}

absl::Status CaseMerge::ShareKey(const storage::EvidenceId& id) {
  FRANK_ASSIGN_OR_RETURN(
      DataKey key, vault_.EvidenceKey(engine_, id, input_.from, *from_key_));
  return vault_.ShareEvidenceKey(transaction_, id, input_.into, *into_key_,
                                 key);
}

void CaseMerge::AddFacts() {
  if (from_.severity() > into_.severity()) {
    into_.set_severity(from_.severity());
    into_.set_reason_queue(from_.reason_queue());
    into_.set_gravest_reason(from_.gravest_reason());
  }
  into_.set_exposure(std::max(into_.exposure(), from_.exposure()));
  into_.set_reporter_weight(
      std::max(into_.reporter_weight(), from_.reporter_weight()));
  into_.set_deadline(std::min(into_.deadline(), from_.deadline()));
  if (from_.clear_mismatch()) into_.set_clear_mismatch(true);
  if (from_.needs_second_person()) into_.set_needs_second_person(true);
  for (const std::string& excluded : from_.excluded_moderator()) {
    if (!IsExcluded(into_, excluded)) into_.add_excluded_moderator(excluded);
  }
  if (from_.queue_by_hand() && !into_.queue_by_hand()) {
    into_.set_queue(from_.queue());
    into_.set_queue_by_hand(true);
  }
  std::set<std::string> reasons(into_.reason().begin(), into_.reason().end());
  for (const std::string& reason : from_.reason()) {
    if (reasons.insert(reason).second) into_.add_reason(reason);
  }
}

absl::Status CaseMerge::Write() {
  FRANK_ASSIGN_OR_RETURN(uint32_t state,
                         StateAfter(from_.state(), CaseEvent::kMerge));
  CaseRecord from = from_;
  DropLease(&from);
  from.set_state(state);
  NoteClosed({}, input_.now, &from);
  from.set_duplicate_of(ToString(input_.into.bytes()));
  into_.set_joined_revision(into_.revision() + 1);
  FRANK_RETURN_IF_ERROR(
      RouteCase(routing_, transaction_, input_.into, acts_, &into_));
  FRANK_RETURN_IF_ERROR(
      storage::PutCase(transaction_, input_.from, &from_, &from));
  FRANK_RETURN_IF_ERROR(
      storage::PutCase(transaction_, input_.into, &into_before_, &into_));
  if (from.policy_area() == into_.policy_area() &&
      into_.report_count() < limits::kMaxReportsOfCase) {
    storage::PutOpenCase(transaction_, input_.into, into_);
  }
  storage::v1::CaseLinkRecord link;
  link.set_kind(v1::CASE_LINK_KIND_DUPLICATE);
  link.set_moderator(input_.moderator.id);
  link.set_linked_at(input_.now);
  storage::PutCaseLink(transaction_, input_.from, input_.into, link);
  std::string actor = ModeratorActor(input_.moderator.id);
  FRANK_RETURN_IF_ERROR(acts_
                            .Add(CaseSubject(input_.from), actor, "case.merged",
                                 crypto::AuditDetails()
                                     .Set("epoch", input_.epoch)
                                     .SetHex("into", input_.into.bytes()))
                            .status());
  FRANK_RETURN_IF_ERROR(
      acts_
          .Add(CaseSubject(input_.into), actor, "case.absorbed",
               crypto::AuditDetails()
                   .SetHex("from", input_.from.bytes())
                   .Set("reports", uint64_t{from_.report_count()}))
          .status());
  return acts_.Write();
}

}  // namespace frank::moderation

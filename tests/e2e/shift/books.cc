#include "tests/e2e/shift/books.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/bytes.h"
#include "core/status.h"
#include "tests/e2e/shift/actions.h"

namespace frank::shift {
namespace {

constexpr int kTries = 120;
constexpr absl::Duration kPause = absl::Milliseconds(500);
constexpr uint32_t kPageSize = 200;

std::string Hex(const std::string& bytes) { return ToHex(AsBytes(bytes)); }

}  // namespace

absl::Status Books::Open() {
  FRANK_RETURN_IF_ERROR(ReadCases());
  FRANK_RETURN_IF_ERROR(ReadHeld());
  for (int tries = 0; tries < kTries; ++tries) {
    FRANK_ASSIGN_OR_RETURN(bool whole, ReadLog());
    if (whole && AllApplied()) {
      log_.Finish();
      return absl::OkStatus();
    }
    absl::SleepFor(kPause);
  }
  return absl::DeadlineExceededError("some effects are never applied");
}

absl::StatusOr<bool> Books::AllJudged() {
  FRANK_RETURN_IF_ERROR(ReadLog().status());
  return log_.received().size() == shift_.filed.size() &&
         log_.waiting_count() == 0;
}

// What has been added since the last time. True: nothing waits to be added.
absl::StatusOr<bool> Books::ReadLog() {
  FRANK_ASSIGN_OR_RETURN(v1::GetCheckpointResponse head,
                         auditor_.Call(&v1::AuditService::Stub::GetCheckpoint,
                                       v1::GetCheckpointRequest()));
  if (head.lost_count() > 0) return absl::DataLossError("acts were lost");
  // Origin, size, root.
  const std::vector<std::string> lines =
      absl::StrSplit(head.checkpoint(), '\n');
  uint64_t size = 0;
  if (lines.size() < 3 || !absl::SimpleAtoi(lines[1], &size)) {
    return absl::InternalError("the checkpoint is none");
  }
  FRANK_RETURN_IF_ERROR(auditor_.ExportEntries(
      log_.size(), size, [&](const std::string& entry) { log_.Add(entry); }));
  return head.pending_since() == 0;
}

absl::Status Books::ReadCases() {
  v1::ListCasesRequest request;
  request.set_page_size(kPageSize);
  request.set_order(v1::CASE_ORDER_AGE);
  for (int state = v1::CASE_STATE_OPEN; state <= v1::CaseState_MAX; ++state) {
    request.mutable_filter()->add_state(static_cast<v1::CaseState>(state));
  }
  do {
    FRANK_ASSIGN_OR_RETURN(
        v1::ListCasesResponse page,
        senior_.Call(&v1::ReviewService::Stub::ListCases, request));
    for (const v1::CaseSummary& summary : page.case_summary()) {
      FRANK_RETURN_IF_ERROR(ReadCase(summary));
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

absl::Status Books::ReadCase(const v1::CaseSummary& summary) {
  v1::GetCaseRequest request;
  request.set_case_id(summary.case_id());
  FRANK_ASSIGN_OR_RETURN(
      v1::GetCaseResponse shown,
      senior_.Call(&v1::ReviewService::Stub::GetCase, request));
  const std::string id = Hex(summary.case_id());
  auto [found, fresh] = cases_.emplace(id, Case());
  shift_.tally.Insist(fresh, absl::StrCat("case ", id, " is listed twice"));
  shift_.tally.Insist(shown.left_out_report_count() == 0,
                      absl::StrCat("case ", id, " does not show all reports"));
  Case& kept = found->second;
  kept.summary = shown.case_summary();
  kept.reports.assign(shown.report().begin(), shown.report().end());
  kept.decisions.assign(shown.decision().begin(), shown.decision().end());
  for (const v1::Decision& decision : kept.decisions) {
    decisions_[Hex(decision.decision_id())] = decision;
  }
  for (const v1::CaseReport& report : kept.reports) {
    shift_.tally.Insist(
        home_.emplace(report.report_id(), &kept).second,
        absl::StrCat("report ", Hex(report.report_id()), " is in two cases"));
  }
  return absl::OkStatus();
}

absl::Status Books::ReadHeld() {
  for (const std::string& reporter : shift_.desk.muted()) {
    v1::GetReporterRequest request;
    request.set_reporter_uri(reporter);
    FRANK_ASSIGN_OR_RETURN(
        v1::GetReporterResponse response,
        senior_.Call(&v1::ReporterService::Stub::GetReporter, request));
    for (const v1::HeldReport& held : response.held()) {
      held_.insert(held.report_id());
    }
  }
  shift_.tally.Count("report held back, its reporter being muted",
                     held_.size());
  return absl::OkStatus();
}

bool Books::IsApplied(const std::string& id, const DecisionStory& story) const {
  const bool reversed = story.state == v1::DECISION_STATE_REVERSED;
  if (!reversed && story.state != v1::DECISION_STATE_MADE) return true;
  auto decision = decisions_.find(id);
  if (decision == decisions_.end()) return true;
  const auto& all = log_.effects();
  auto found = all.find(reversed ? story.reversing_act : id);
  const AppliedEffects applied =
      found == all.end() ? AppliedEffects() : found->second;
  if (applied.outcomes < story.reports) return false;
  if (ConcernsAccount(decision->second) && applied.states == 0) return false;
  if (!story.appeal_resolved) return true;
  auto of_appeal = all.find(id);
  return of_appeal != all.end() && of_appeal->second.appeal_told;
}

bool Books::AllApplied() const {
  return std::all_of(log_.decisions().begin(), log_.decisions().end(),
                     [&](const auto& decision) {
                       return IsApplied(decision.first, decision.second);
                     });
}

void Books::Check() {
  CheckCases();
  CheckAcknowledged();
  CheckReports();
  CheckReporters();
  CheckAccounts();
}

// The log and the service know the same cases, and the same of each.
void Books::CheckCases() {
  Tally& tally = shift_.tally;
  for (const auto& [id, story] : log_.cases()) {
    auto found = cases_.find(id);
    if (tally.Insist(found != cases_.end(),
                     absl::StrCat("case ", id, " is in the log alone"))) {
      CheckCase(id, found->second, story);
    }
  }
  tally.Insist(log_.cases().size() == cases_.size(),
               "there are cases that the log does not know");
  for (const auto& [id, decision] : decisions_) CheckDecision(decision);
  tally.Insist(log_.decisions().size() == decisions_.size(),
               "the log and the cases know other decisions");
  for (const auto& [id, story] : log_.decisions()) {
    auto applied = log_.effects().find(id);
    if (applied == log_.effects().end()) continue;
    tally.Insist(story.state == v1::DECISION_STATE_MADE ||
                     story.state == v1::DECISION_STATE_REVERSED,
                 absl::StrCat("decision ", id,
                              " had effects and was never made for good"));
    tally.Insist(applied->second.outcomes <= story.reports,
                 absl::StrCat("decision ", id, " was told twice"));
  }
  tally.Count("case in the books", cases_.size());
  tally.Count("decision in the books", decisions_.size());
}

void Books::CheckCase(const std::string& id, const Case& found,
                      const CaseStory& story) {
  Tally& tally = shift_.tally;
  const std::string name = absl::StrCat("case ", id, ": ");
  tally.Insist(found.summary.state() == story.state,
               absl::StrCat(name, "the log explains another state"));
  tally.Insist(found.summary.lease().holder() == story.holder,
               absl::StrCat(name, "the log explains another holder"));
  tally.Insist(story.state == v1::CASE_STATE_DECIDED ||
                   story.state == v1::CASE_STATE_DUPLICATE,
               absl::StrCat(name, "was left open"));
  tally.Insist(Hex(found.summary.duplicate_of()) == story.duplicate_of,
               absl::StrCat(name, "the log explains another duplicate"));
  std::set<std::string> reports;
  for (const v1::CaseReport& report : found.reports) {
    reports.insert(Hex(report.report_id()));
  }
  tally.Insist(reports == story.reports,
               absl::StrCat(name, "the log explains other reports"));
  std::set<std::string> decisions;
  int in_force = 0;
  for (const v1::Decision& decision : found.decisions) {
    decisions.insert(Hex(decision.decision_id()));
    if (decision.state() == v1::DECISION_STATE_MADE ||
        decision.state() == v1::DECISION_STATE_REVERSED) {
      ++in_force;
    }
  }
  tally.Insist(decisions == std::set<std::string>(story.decisions.begin(),
                                                  story.decisions.end()),
               absl::StrCat(name, "the log explains other decisions"));
  tally.Insist(in_force == (story.state == v1::CASE_STATE_DECIDED ? 1 : 0),
               absl::StrCat(name, "was decided ", in_force, " times"));
}

void Books::CheckDecision(const v1::Decision& decision) {
  Tally& tally = shift_.tally;
  const std::string id = Hex(decision.decision_id());
  const std::string name = absl::StrCat("decision ", id, ": ");
  auto found = log_.decisions().find(id);
  if (!tally.Insist(found != log_.decisions().end(),
                    absl::StrCat(name, "is not in the log"))) {
    return;
  }
  const DecisionStory& story = found->second;
  tally.Insist(story.state == decision.state(),
               absl::StrCat(name, "the log explains another state"));
  tally.Insist(story.moderator == decision.moderator(),
               absl::StrCat(name, "the log names another moderator"));
  tally.Insist(story.appeal_resolved ==
                   (shift_.appealed.count(decision.decision_id()) > 0),
               absl::StrCat(name, "the log knows of another appeal"));
  const bool in_force = story.state == v1::DECISION_STATE_MADE ||
                        story.state == v1::DECISION_STATE_REVERSED;
  if (in_force && decision.approval_cause_size() > 0) {
    tally.Insist(!story.approver.empty() && story.approver != story.moderator,
                 absl::StrCat(name, "is in force without a second person"));
    tally.Count("decision in force by two people");
  }
}

// Nothing that was acknowledged is lost, the servers having been killed.
void Books::CheckAcknowledged() {
  const std::set<std::string> acts = shift_.desk.acknowledged();
  uint64_t missing = 0;
  for (const std::string& hash : acts) {
    if (log_.hashes().count(hash) == 0) ++missing;
  }
  shift_.tally.Insist(missing == 0, absl::StrCat(missing,
                                                 " acknowledged acts "
                                                 "are not in the log"));
  shift_.tally.Count("act acknowledged, and in the log", acts.size());
  shift_.tally.Count("entry in the log", log_.size());
}

}  // namespace frank::shift

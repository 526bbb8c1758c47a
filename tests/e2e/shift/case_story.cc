#include "tests/e2e/shift/case_story.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "crypto/hash.h"
#include "google/protobuf/util/json_util.h"

namespace frank::shift {
namespace {

constexpr char kCase[] = "case:";
constexpr char kReport[] = "report:";
constexpr char kModerator[] = "moderator:";
// Where the effects of a decision have what is told of its appeal.
constexpr uint64_t kAppealRow = 0xFFFFFFFF;

std::string After(const std::string& text, const std::string& prefix) {
  return absl::StartsWith(text, prefix) ? text.substr(prefix.size()) : "";
}

// The states of a decision follow one another in the order of their numbers;
// what is said of it under one case may stand in the log before what is said
// under another.
void Advance(v1::DecisionState state, DecisionStory* decision) {
  decision->state = std::max(decision->state, state);
}

}  // namespace

std::string CaseStories::Step::Text(const std::string& key) const {
  auto found = details.fields().find(key);
  return found == details.fields().end() ? "" : found->second.string_value();
}
uint64_t CaseStories::Step::Number(const std::string& key) const {
  auto found = details.fields().find(key);
  return found == details.fields().end()
             ? 0
             : static_cast<uint64_t>(found->second.number_value());
}
std::string CaseStories::Step::Moderator() const {
  return After(actor, kModerator);
}

void CaseStories::Need(bool holds, const Step& step, absl::string_view rule) {
  if (holds) return;
  tally_.Complain(absl::StrCat("case ", step.case_id, ", act ",
                               step.Number("act_number"), " ", step.act, " by ",
                               step.actor, ": ", rule));
}

void CaseStories::Add(const std::string& bytes) {
  ++size_;
  hashes_.insert(ToString(crypto::Sha256({AsBytes(bytes)})));
  absl::StatusOr<crypto::AuditEntry> entry =
      crypto::ParseAuditEntry(AsBytes(bytes));
  if (!entry.ok()) return tally_.Complain("an entry of the log is malformed");
  tally_.Count(absl::StrCat("act ", entry->act));
  if (absl::StartsWith(entry->subject, kReport)) {
    return AddReportAct(entry->subject, entry->act);
  }
  Step step;
  step.case_id = After(entry->subject, kCase);
  if (step.case_id.empty()) return;
  step.act = entry->act;
  step.actor = entry->actor;
  if (!google::protobuf::util::JsonStringToMessage(entry->details,
                                                   &step.details)
           .ok()) {
    return tally_.Complain("the details of an entry are not JSON");
  }
  AddCaseAct(step);
}

// "report:<of whom>:<id>"
void CaseStories::AddReportAct(const std::string& subject,
                               const std::string& act) {
  const std::string id = subject.substr(subject.rfind(':') + 1);
  if (act == "report.received") {
    tally_.Insist(received_.insert(id).second, "a report came twice");
  } else if (act == "report.held") {
    held_back_.insert(id);
  } else {
    tally_.Complain(absl::StrCat("an act that must not be: ", act));
  }
}

void CaseStories::AddCaseAct(const Step& step) {
  // What changes nothing here. A case is linked to the one before it as it is
  // opened.
  for (const char* silent :
       {"case.linked", "case.unlinked", "case.noted", "case.tagged",
        "case.untagged", "case.routed", "appeal.received", "evidence.revealed",
        "notes.revealed"}) {
    if (step.act == silent) return;
  }
  if (step.act == "case.opened") {
    Need(cases_.emplace(step.case_id, CaseStory()).second, step, "again");
    return;
  }
  auto found = cases_.find(step.case_id);
  if (found == cases_.end()) return Need(false, step, "the case is not open");
  CaseStory& story = found->second;
  Need(
      AddWork(step, story) || AddOutcome(step, story) || AddChange(step, story),
      step, "an act that nobody knows");
}

// Each taking raises the epoch by one.
void CaseStories::Take(const Step& step, const std::string& holder,
                       CaseStory& story) {
  Need(!holder.empty(), step, "taken by nobody");
  story.holder = holder;
  ++story.epoch;
}

void CaseStories::Claim(const Step& step, CaseStory& story) {
  Need(story.state == v1::CASE_STATE_OPEN ||
           story.state == v1::CASE_STATE_APPEALED,
       step, "not in this state");
  Take(step, step.Moderator(), story);
  Need(story.epoch == step.Number("epoch"), step, "another epoch");
}

// What is done while a case is worked on.
bool CaseStories::AddWork(const Step& step, CaseStory& story) {
  const std::string& act = step.act;
  if (act == "report.opened") {
    const std::string report = step.Text("report");
    Need(opened_.insert(report).second, step, "the report was opened before");
    story.reports.insert(report);
    ++story.report_count;
    Need(story.state == v1::CASE_STATE_OPEN ||
             story.state == v1::CASE_STATE_ON_HOLD ||
             story.state == v1::CASE_STATE_AWAITING_APPROVAL,
         step, "it takes no reports");
  } else if (act == "case.claimed") {
    Claim(step, story);
  } else if (act == "case.taken_over") {
    Need(story.holder == step.Text("from") &&
             story.epoch == step.Number("epoch"),
         step, "from somebody who does not hold it");
    Take(step, step.Moderator(), story);
  } else if (act == "case.woken") {
    Need(story.state == v1::CASE_STATE_ON_HOLD, step, "not on hold");
    story.state = v1::CASE_STATE_OPEN;
  } else if (act == "case.absorbed") {
    story.report_count += step.Number("reports");
  } else if (act == "case.returned") {
    Need(!story.holder.empty() && story.epoch == step.Number("epoch"), step,
         "not held under that epoch");
    story.holder.clear();
  } else {
    return false;
  }
  return true;
}

void CaseStories::Merge(const Step& step, CaseStory& story) {
  story.state = v1::CASE_STATE_DUPLICATE;
  story.holder.clear();
  story.duplicate_of = step.Text("into");
}

void CaseStories::Decide(const Step& step, CaseStory& story) {
  const bool made = step.act == "case.decided";
  story.state =
      made ? v1::CASE_STATE_DECIDED : v1::CASE_STATE_AWAITING_APPROVAL;
  story.holder.clear();
  Need(story.decided_epochs.insert(story.epoch).second, step,
       "decided twice under one epoch");
  const std::string id = step.Text("decision");
  story.decisions.push_back(id);
  DecisionStory& decision = decisions_[id];
  Advance(made ? v1::DECISION_STATE_MADE : v1::DECISION_STATE_PROPOSED,
          &decision);
  decision.moderator = step.Moderator();
  decision.cases.insert(step.case_id);
  if (made) decision.reports += story.report_count;
}

// What whoever holds the case does with it: under the epoch that they have.
bool CaseStories::AddOutcome(const Step& step, CaseStory& story) {
  static const auto* const kActs = new std::set<std::string>{
      "case.released",     "case.held",   "case.handed_over", "case.escalated",
      "decision.proposed", "case.merged", "case.decided"};
  if (kActs->count(step.act) == 0) return false;
  Need(story.holder == step.Moderator() && !story.holder.empty(), step,
       "by somebody who does not hold it");
  Need(story.epoch == step.Number("epoch"), step, "under another epoch");
  const bool appealed = story.state == v1::CASE_STATE_APPEALED;
  Need(story.state == v1::CASE_STATE_OPEN || appealed, step,
       "not in this state");
  if (step.act == "decision.proposed" || step.act == "case.decided") {
    Need(!appealed, step, "an appealed case was decided anew");
    Decide(step, story);
  } else if (step.act == "case.merged") {
    Merge(step, story);
  } else if (!step.Text("to").empty()) {
    Take(step, step.Text("to"), story);
  } else {
    if (step.act == "case.held") story.state = v1::CASE_STATE_ON_HOLD;
    story.holder.clear();
  }
  return true;
}

DecisionStory& CaseStories::DecisionOf(const Step& step) {
  auto found = decisions_.find(step.Text("decision"));
  if (found != decisions_.end() &&
      found->second.cases.count(step.case_id) > 0) {
    return found->second;
  }
  Need(false, step, "no decision about this case");
  return decisions_[step.Text("decision")];
}

void CaseStories::Approve(const Step& step, CaseStory& story) {
  DecisionStory& decision = DecisionOf(step);
  Need(story.state == v1::CASE_STATE_AWAITING_APPROVAL, step,
       "nothing was proposed");
  Need(step.Moderator() != decision.moderator, step,
       "approved or refused by who proposed it");
  if (step.act == "decision.refused") {
    story.state = v1::CASE_STATE_OPEN;
    Advance(v1::DECISION_STATE_REFUSED, &decision);
    return;
  }
  story.state = v1::CASE_STATE_DECIDED;
  Advance(v1::DECISION_STATE_MADE, &decision);
  decision.approver = step.Moderator();
  decision.reports += story.report_count;
}

void CaseStories::EndAppeal(const Step& step, const DecisionStory& decision,
                            CaseStory& story) {
  const bool upheld = step.act == "decision.upheld";
  Need(story.state == v1::CASE_STATE_APPEALED, step, "not appealed");
  Need(story.holder == step.Moderator(), step, "does not hold the case");
  Need(step.Moderator() != decision.moderator &&
           step.Moderator() != decision.approver,
       step, "an appeal decided by who had a part in it");
  Need(decision.appeal_outcome ==
           (upheld ? v1::APPEAL_OUTCOME_REJECTED : v1::APPEAL_OUTCOME_GRANTED),
       step, "the appeal ended otherwise");
  story.state = v1::CASE_STATE_DECIDED;
  story.holder.clear();
}

void CaseStories::Apply(const Step& step) {
  AppliedEffects& effects = effects_[step.Text("decision")];
  effects.outcomes += step.Number("outcomes");
  if (step.Number("number") > 0) ++effects.states;
  if (step.Number("row") == kAppealRow) effects.appeal_told = true;
}

// Back to who proposed or decided, who holds the case again.
void CaseStories::GiveBack(const Step& step, CaseStory& story) {
  DecisionStory& decision = DecisionOf(step);
  const bool undone = step.act == "decision.undone";
  Need(story.state ==
           (undone ? v1::CASE_STATE_DECIDED : v1::CASE_STATE_AWAITING_APPROVAL),
       step, "not in this state");
  Advance(undone ? v1::DECISION_STATE_UNDONE : v1::DECISION_STATE_WITHDRAWN,
          &decision);
  story.state = v1::CASE_STATE_OPEN;
  Take(step, decision.moderator, story);
}

void CaseStories::BeginAppeal(const Step& step, CaseStory& story) {
  DecisionStory& decision = DecisionOf(step);
  Need(story.state == v1::CASE_STATE_DECIDED, step, "not decided");
  Need(!decision.appealed, step, "appealed before");
  decision.appealed = true;
  decision.appealed_case = step.case_id;
  story.state = v1::CASE_STATE_APPEALED;
}

// Also without a moderator, where the decision did not hold any more.
void CaseStories::ResolveAppeal(const Step& step) {
  DecisionStory& decision = DecisionOf(step);
  Need(!decision.appeal_resolved, step, "resolved before");
  decision.appeal_resolved = true;
  Need(v1::AppealOutcome_Parse(step.Text("outcome"), &decision.appeal_outcome),
       step, "without an outcome");
}

// Reversed, or confirmed or taken back on appeal: the appealed case stands for
// all of the decision, the others stay decided.
void CaseStories::Settle(const Step& step, CaseStory& story) {
  DecisionStory& decision = DecisionOf(step);
  const bool reversed = step.act == "decision.reversed";
  if (!reversed && step.case_id == decision.appealed_case) {
    EndAppeal(step, decision, story);
  }
  Need(story.state == v1::CASE_STATE_DECIDED, step, "not in this state");
  if (step.act == "decision.upheld") return;
  Advance(v1::DECISION_STATE_REVERSED, &decision);
  decision.reversing_act = step.Text("act_id");
}

// What happens to a decision.
bool CaseStories::AddChange(const Step& step, CaseStory& story) {
  const std::string& act = step.act;
  if (act == "effect.applied") {
    Apply(step);
  } else if (act == "decision.approved" || act == "decision.refused") {
    Approve(step, story);
  } else if (act == "decision.withdrawn" || act == "decision.undone") {
    GiveBack(step, story);
  } else if (act == "case.appealed") {
    BeginAppeal(step, story);
  } else if (act == "appeal.resolved") {
    ResolveAppeal(step);
  } else if (act == "decision.reversed" || act == "decision.upheld" ||
             act == "decision.overturned") {
    Settle(step, story);
  } else {
    return false;
  }
  return true;
}

size_t CaseStories::waiting_count() const {
  size_t count = 0;
  for (const std::string& report : received_) {
    if (opened_.count(report) + held_back_.count(report) == 0) ++count;
  }
  return count;
}

void CaseStories::Finish() {
  for (const std::string& report : opened_) {
    tally_.Insist(received_.count(report) > 0,
                  "a report that never came was opened");
  }
  for (auto& [id, story] : cases_) {
    if (story.state != v1::CASE_STATE_DUPLICATE) continue;
    auto into = cases_.find(story.duplicate_of);
    while (into != cases_.end() &&
           into->second.state == v1::CASE_STATE_DUPLICATE) {
      into = cases_.find(into->second.duplicate_of);
    }
    if (into == cases_.end()) {
      tally_.Complain(absl::StrCat("case ", id, " was closed into none"));
      continue;
    }
    into->second.reports.insert(story.reports.begin(), story.reports.end());
    story.reports.clear();
  }
  for (const auto& [id, story] : cases_) {
    const bool gone = story.state == v1::CASE_STATE_DUPLICATE;
    tally_.Insist(gone || story.reports.size() == story.report_count,
                  absl::StrCat("case ", id, " counts other reports"));
  }
}

}  // namespace frank::shift

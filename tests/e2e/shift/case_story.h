// What the acts of the audit log say of each case, and nothing else: its state,
// who holds it, its reports and its decisions. A step that the desk does not
// allow is complained of.
#ifndef FRANK_TESTS_E2E_SHIFT_CASE_STORY_H_
#define FRANK_TESTS_E2E_SHIFT_CASE_STORY_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "crypto/audit_entry.h"
#include "frank/v1/decision.pb.h"
#include "frank/v1/review.pb.h"
#include "google/protobuf/struct.pb.h"
#include "tests/e2e/shift/tally.h"

namespace frank::shift {

// A decision, by the hex of its id.
struct DecisionStory {
  v1::DecisionState state = v1::DECISION_STATE_UNSPECIFIED;
  std::string moderator;
  std::string approver;
  // Whether the accused appealed, whether that was decided, and how: a decision
  // that was upheld may be reversed later.
  bool appealed = false;
  // The hex of its case that stands for all in the appeal.
  std::string appealed_case;
  bool appeal_resolved = false;
  v1::AppealOutcome appeal_outcome = v1::APPEAL_OUTCOME_UNSPECIFIED;
  // Hex of the cases, and of the act that took it back.
  std::set<std::string> cases;
  std::string reversing_act;
  // How many reports its cases had when it was made: who is told.
  uint64_t reports = 0;
};

struct CaseStory {
  v1::CaseState state = v1::CASE_STATE_OPEN;
  // Empty: nobody holds it.
  std::string holder;
  uint64_t epoch = 0;
  // Hex of report ids, of duplicates from Finish on; how many there are with
  // those of duplicates.
  std::set<std::string> reports;
  uint64_t report_count = 0;
  // Hex of decisions about it, in their order; and epochs under which it was
  // decided or proposed.
  std::vector<std::string> decisions;
  std::set<uint64_t> decided_epochs;
  std::string duplicate_of;
};

// What was applied at the platform for a decision, an act or an appeal.
struct AppliedEffects {
  // Reporters who were told.
  uint64_t outcomes = 0;
  // States of the account; its number rises.
  uint64_t states = 0;
  // The account was told how its appeal ended.
  bool appeal_told = false;
};

// Not thread-safe.
class CaseStories {
 public:
  explicit CaseStories(Tally& tally) : tally_(tally) {}

  // Entries in the order of the log, which is that of the acts of each subject;
  // between subjects it is not exact.
  void Add(const std::string& entry);
  // After the last: gives the reports of duplicates to the cases that went on.
  void Finish();

  // By hex.
  const std::map<std::string, CaseStory>& cases() const { return cases_; }
  const std::map<std::string, DecisionStory>& decisions() const {
    return decisions_;
  }
  // By the hex of the decision, or of the act that took one back.
  const std::map<std::string, AppliedEffects>& effects() const {
    return effects_;
  }
  // Hex of ids: reports that came, and those that were held back for a mute.
  const std::set<std::string>& received() const { return received_; }
  const std::set<std::string>& held_back() const { return held_back_; }
  // How many came and were neither opened nor held back.
  size_t waiting_count() const;
  // SHA-256 of every entry.
  const std::set<std::string>& hashes() const { return hashes_; }
  size_t size() const { return size_; }

 private:
  struct Step {
    std::string act;
    std::string actor;  // "moderator:anna"
    std::string case_id;
    google::protobuf::Struct details;
    std::string Text(const std::string& key) const;
    uint64_t Number(const std::string& key) const;
    // Of "moderator:anna": "anna"; else empty.
    std::string Moderator() const;
  };

  void AddReportAct(const std::string& subject, const std::string& act);
  void AddCaseAct(const Step& step);
  bool AddWork(const Step& step, CaseStory& story);
  bool AddOutcome(const Step& step, CaseStory& story);
  bool AddChange(const Step& step, CaseStory& story);
  void Take(const Step& step, const std::string& holder, CaseStory& story);
  void Claim(const Step& step, CaseStory& story);
  void Decide(const Step& step, CaseStory& story);
  void Approve(const Step& step, CaseStory& story);
  void GiveBack(const Step& step, CaseStory& story);
  void BeginAppeal(const Step& step, CaseStory& story);
  void ResolveAppeal(const Step& step);
  void Settle(const Step& step, CaseStory& story);
  void EndAppeal(const Step& step, const DecisionStory& decision,
                 CaseStory& story);
  void Merge(const Step& step, CaseStory& story);
  void Apply(const Step& step);
  void Need(bool holds, const Step& step, absl::string_view rule);
  // Each case of a decision has an act of its own about it.
  DecisionStory& DecisionOf(const Step& step);

  Tally& tally_;
  std::map<std::string, CaseStory> cases_;
  std::map<std::string, DecisionStory> decisions_;
  std::map<std::string, AppliedEffects> effects_;
  std::set<std::string> received_;
  std::set<std::string> opened_;
  std::set<std::string> held_back_;
  std::set<std::string> hashes_;
  size_t size_ = 0;
};

}  // namespace frank::shift

#endif  // FRANK_TESTS_E2E_SHIFT_CASE_STORY_H_

// The books of the shift, closed at its end: what everybody was told, what both
// servers have, and what the audit log says must be one and the same.
#ifndef FRANK_TESTS_E2E_SHIFT_BOOKS_H_
#define FRANK_TESTS_E2E_SHIFT_BOOKS_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "frank/v1/appeal.pb.h"
#include "frank/v1/message.pb.h"
#include "frank/v1/review.pb.h"
#include "tests/e2e/shift/case_story.h"
#include "tests/e2e/shift/desk.h"
#include "tests/e2e/shift/reporters.h"
#include "tests/e2e/shift/servers.h"
#include "tests/e2e/shift/tally.h"
#include "tests/e2e/shift/town.h"

namespace frank::shift {

// What an account's decisions come to.
struct Enforced {
  bool suspended = false;
  uint64_t suspended_until = 0;
  // 0: not limited.
  uint32_t messages_an_hour = 0;
};

class Books {
 public:
  struct Shift {
    const Servers& servers;
    const Town& town;
    const Desk& desk;
    const FiledReports& filed;
    const std::set<std::string>& appealed;
    Tally& tally;
  };
  // `senior` may see every case, `auditor` the log.
  Books(const Shift& shift, const ModerationClient& senior,
        const ModerationClient& auditor)
      : shift_(shift), senior_(senior), auditor_(auditor), log_(shift.tally) {}

  // Whether every report that was accepted is judged: opened in a case, or held
  // back for a mute.
  absl::StatusOr<bool> AllJudged();

  // Reads everything; waits until all effects were applied. Errors are those of
  // calls.
  absl::Status Open();
  // Compares, and complains of all that does not agree.
  void Check();

 private:
  struct Case {
    v1::CaseSummary summary;
    std::vector<v1::CaseReport> reports;
    // Of the answer, by their order.
    std::vector<v1::Decision> decisions;
  };

  // books.cc
  absl::StatusOr<bool> ReadLog();
  absl::Status ReadCases();
  absl::Status ReadCase(const v1::CaseSummary& summary);
  absl::Status ReadHeld();
  // Whether all that was decided has been applied, by the log.
  bool AllApplied() const;
  bool IsApplied(const std::string& id, const DecisionStory& story) const;
  void CheckCases();
  void CheckCase(const std::string& id, const Case& found,
                 const CaseStory& story);
  void CheckDecision(const v1::Decision& decision);
  void CheckAcknowledged();

  // books_reports.cc
  void CheckReports();
  void CheckReport(const Case& home, const v1::CaseReport& report);
  void CheckReporters();
  void CheckReporter(client::Transport& platform, size_t reporter,
                     const std::set<std::string>& expected);
  void CheckStatus(const v1::ReportStatus& status, const Filed& filed);
  v1::ReportOutcome OutcomeOf(const std::string& id, const Filed& filed) const;

  // books_accounts.cc
  void CheckAccounts();
  void CheckAccount(client::Transport& platform, size_t account);
  std::vector<v1::Decision> DecisionsInForce(const std::string& uri) const;
  // The states that the decisions in force can have come to.
  std::vector<Enforced> EnforcedOn(const std::string& uri) const;
  void CheckSending(client::Transport& platform, const Account& account,
                    const std::vector<Enforced>& possible);
  void CheckTold(client::Transport& platform, const Account& account);
  void CheckNotices(client::Transport& platform, const Account& account);
  void CheckAppeal(const v1::DecisionAboutAccount& told);

  const Shift shift_;
  const ModerationClient& senior_;
  const ModerationClient& auditor_;

  CaseStories log_;
  // By hex.
  std::map<std::string, Case> cases_;
  std::map<std::string, v1::Decision> decisions_;
  // By id: the case of each report, and what waits because its reporter is
  // muted.
  std::map<std::string, const Case*> home_;
  std::set<std::string> held_;
};

}  // namespace frank::shift

#endif  // FRANK_TESTS_E2E_SHIFT_BOOKS_H_

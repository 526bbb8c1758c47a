// How much a reporter's word weighs: what their reports showed before.
#ifndef FRANK_SERVICES_MODERATION_REPORTER_TALLY_H_
#define FRANK_SERVICES_MODERATION_REPORTER_TALLY_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/ids.h"
#include "frank/storage/v1/reporter.pb.h"
#include "frank/v1/report.pb.h"
#include "services/moderation/report_judge.h"
#include "storage/case_store.h"
#include "storage/engine.h"

namespace frank::moderation {

// Returns the weight of a reporter in per mille, 1 to 1,000:
//   1000 * (upheld + 4) / (upheld + not_upheld + 2 * bad + replays + 4)
// rounded down, where `bad` are reports that could not be opened, or that prove
// nothing of the accused and hold a malformed or forged message. Who has no
// history weighs 1,000; four reports that were not upheld, or two bad ones,
// halve that, and each that is upheld brings some back. What was proven and is
// not decided yet counts neither way: whether it breaks a rule is what a
// decision says.
uint32_t ReporterWeight(const storage::v1::ReporterRecord& record,
                        const storage::v1::ReporterOutcomesRecord& outcomes);

// Collects what one transaction learns of reporters, and writes it at its end.
// One for each run of a transaction's body.
class ReporterTally {
 public:
  explicit ReporterTally(storage::Transaction& transaction)
      : transaction_(transaction) {}

  // Counts a report that joins its first case.
  absl::Status AddReport(const std::string& reporter,
                         const JudgedReport& judged);
  // Counts a report that was judged again, with what it was before.
  absl::Status AddAgain(const std::string& reporter, const JudgedReport& judged,
                        const storage::v1::IntakeReportRecord& before);
  // Counts a proof of the accused that others had brought before, and that the
  // reporter cannot have received.
  absl::Status AddReplay(const std::string& reporter);

  // The weight with what was added so far.
  absl::StatusOr<uint32_t> WeightOf(const std::string& reporter);

  void Write();

 private:
  absl::StatusOr<storage::v1::ReporterRecord*> Load(
      const std::string& reporter);

  storage::Transaction& transaction_;
  std::map<std::string, storage::v1::ReporterRecord> records_;
};

// Marks a decision for each distinct reporter of its cases, in its own
// transaction, by what they are told: who proved something on which the
// moderators acted is upheld; where they saw no breach, or nothing that could
// be verified, nobody is; all else counts neither way. `proves`: the reporter
// proved a message of the accused. What the decision meant before falls, as
// when an appeal reverses it. The marks are the decision's own, so that
// decisions that share reporters do not meet; outcome_fold.h counts them.
absl::Status MarkOutcome(
    storage::Transaction& transaction, const DecisionId& decision,
    const std::vector<storage::CaseReport>& reports,
    absl::FunctionRef<v1::ReportOutcome(bool proves)> outcome_for);

// Takes back what a decision meant for reporters.
absl::Status UnmarkOutcome(storage::Transaction& transaction,
                           const DecisionId& decision);

// Counts what the marks of a decision say and their reporters' records do not.
absl::Status CountMarks(storage::Transaction& transaction,
                        const DecisionId& decision);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_REPORTER_TALLY_H_

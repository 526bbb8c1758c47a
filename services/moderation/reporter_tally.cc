#include "services/moderation/reporter_tally.h"

#include <algorithm>
#include <map>
#include <string>

#include "absl/types/optional.h"
#include "core/status.h"
#include "storage/reporter_store.h"

namespace frank::moderation {
namespace {

using storage::v1::IntakeReportRecord;
using storage::v1::MessageVerdictRecord;
using storage::v1::OutcomeMarkRecord;
using storage::v1::ReporterOutcomesRecord;
using storage::v1::ReporterRecord;

// How much weight the first reports have.
constexpr uint64_t kPrior = 4;
constexpr uint64_t kFullWeight = 1000;

// What a report counts as.
enum class Shown { kNothing, kProof, kBad };

template <typename Verdicts>
Shown ShownBy(const Verdicts& verdicts, const std::string& accused_uri) {
  bool bad = false;
  for (const MessageVerdictRecord& message : verdicts) {
    if (Proves(message, accused_uri)) return Shown::kProof;
    bad = bad || IsBad(message);
  }
  return bad ? Shown::kBad : Shown::kNothing;
}

// One that waits for its key is nobody's fault; one without messages proves
// nothing, which is no lie either.
Shown ShownBy(const JudgedReport& judged) {
  if (judged.awaits_review_key) return Shown::kNothing;
  if (judged.condition == kReportUnopenable) return Shown::kBad;
  return ShownBy(judged.verdicts, judged.accused_uri);
}

void Count(Shown shown, ReporterRecord* record) {
  if (shown == Shown::kProof)
    record->set_proven_count(record->proven_count() + 1);
  if (shown == Shown::kBad) record->set_bad_count(record->bad_count() + 1);
}

// What a decision marks a reporter with, if anything.
absl::optional<OutcomeMarkRecord> MarkFor(v1::ReportOutcome outcome,
                                          bool proves) {
  OutcomeMarkRecord mark;
  if (outcome == v1::REPORT_OUTCOME_ACTION_TAKEN && proves) {
    mark.set_upheld(true);
    return mark;
  }
  if (outcome == v1::REPORT_OUTCOME_NO_ACTION ||
      outcome == v1::REPORT_OUTCOME_NOT_VERIFIABLE) {
    return mark;
  }
  return absl::nullopt;
}

// What one act changes about reporters, added up before it is written, since
// reads do not see the transaction's own writes.
class OutcomeChanges {
 public:
  void Add(const storage::OutcomeMark& mark, int by) {
    Change& change = changes_[mark.reporter_uri];
    (mark.record.upheld() ? change.upheld : change.not_upheld) += by;
  }
  absl::Status Write(storage::Transaction& transaction) const {
    for (const auto& [reporter, change] : changes_) {
      FRANK_ASSIGN_OR_RETURN(
          ReporterOutcomesRecord record,
          storage::GetReporterOutcomes(transaction, reporter));
      record.set_upheld_count(record.upheld_count() + change.upheld);
      record.set_not_upheld_count(record.not_upheld_count() +
                                  change.not_upheld);
      storage::PutReporterOutcomes(transaction, reporter, record);
    }
    return absl::OkStatus();
  }

 private:
  struct Change {
    int upheld = 0;
    int not_upheld = 0;
  };
  std::map<std::string, Change> changes_;
};

absl::Status RemoveMarks(storage::Transaction& transaction,
                         const DecisionId& decision, OutcomeChanges* changes) {
  FRANK_ASSIGN_OR_RETURN(auto marks,
                         storage::ListOutcomeMarks(transaction, decision));
  for (const storage::OutcomeMark& mark : marks) {
    changes->Add(mark, -1);
    storage::DeleteOutcomeMark(transaction, decision, mark.reporter_uri);
  }
  return absl::OkStatus();
}

}  // namespace

uint32_t ReporterWeight(const ReporterRecord& record,
                        const ReporterOutcomesRecord& outcomes) {
  uint64_t upheld = outcomes.upheld_count();
  uint64_t against = uint64_t{outcomes.not_upheld_count()} +
                     2 * uint64_t{record.bad_count()} + record.replay_count();
  uint64_t weight =
      kFullWeight * (upheld + kPrior) / (upheld + against + kPrior);
  return static_cast<uint32_t>(std::max<uint64_t>(weight, 1));
}

absl::StatusOr<ReporterRecord*> ReporterTally::Load(
    const std::string& reporter) {
  auto known = records_.find(reporter);
  if (known == records_.end()) {
    FRANK_ASSIGN_OR_RETURN(ReporterRecord record,
                           storage::GetReporter(transaction_, reporter));
    known = records_.emplace(reporter, std::move(record)).first;
  }
  return &known->second;
}

absl::Status ReporterTally::AddReport(const std::string& reporter,
                                      const JudgedReport& judged) {
  FRANK_ASSIGN_OR_RETURN(ReporterRecord * record, Load(reporter));
  record->set_report_count(record->report_count() + 1);
  Count(ShownBy(judged), record);
  return absl::OkStatus();
}

absl::Status ReporterTally::AddAgain(const std::string& reporter,
                                     const JudgedReport& judged,
                                     const IntakeReportRecord& before) {
  Shown was = ShownBy(before.message(), before.accused_uri());
  Shown is = ShownBy(judged);
  if (was == is || was == Shown::kProof) return absl::OkStatus();
  FRANK_ASSIGN_OR_RETURN(ReporterRecord * record, Load(reporter));
  if (was == Shown::kBad && record->bad_count() > 0) {
    record->set_bad_count(record->bad_count() - 1);
  }
  Count(is, record);
  return absl::OkStatus();
}

absl::Status ReporterTally::AddReplay(const std::string& reporter) {
  FRANK_ASSIGN_OR_RETURN(ReporterRecord * record, Load(reporter));
  record->set_replay_count(record->replay_count() + 1);
  return absl::OkStatus();
}

absl::StatusOr<uint32_t> ReporterTally::WeightOf(const std::string& reporter) {
  FRANK_ASSIGN_OR_RETURN(ReporterRecord * record, Load(reporter));
  // Untracked: a decision elsewhere need not hold up the fold.
  FRANK_ASSIGN_OR_RETURN(
      ReporterOutcomesRecord outcomes,
      storage::GetReporterOutcomesUntracked(transaction_, reporter));
  return ReporterWeight(*record, outcomes);
}

void ReporterTally::Write() {
  for (const auto& [reporter, record] : records_) {
    storage::PutReporter(transaction_, reporter, record);
  }
  records_.clear();
}

absl::Status CountOutcome(
    storage::Transaction& transaction, const DecisionId& decision,
    const std::vector<storage::CaseReport>& reports,
    absl::FunctionRef<v1::ReportOutcome(bool proves)> outcome_for) {
  OutcomeChanges changes;
  FRANK_RETURN_IF_ERROR(RemoveMarks(transaction, decision, &changes));
  // Once for a reporter, who may have reported several messages.
  std::map<std::string, bool> proves;
  for (const storage::CaseReport& report : reports) {
    bool& any = proves[report.report.reporter_uri];
    any = any || report.proves;
  }
  for (const auto& [reporter, proved] : proves) {
    auto record = MarkFor(outcome_for(proved), proved);
    if (!record) continue;
    storage::OutcomeMark mark = {reporter, *record};
    changes.Add(mark, +1);
    storage::PutOutcomeMark(transaction, decision, mark);
  }
  return changes.Write(transaction);
}

absl::Status UncountOutcome(storage::Transaction& transaction,
                            const DecisionId& decision) {
  OutcomeChanges changes;
  FRANK_RETURN_IF_ERROR(RemoveMarks(transaction, decision, &changes));
  return changes.Write(transaction);
}

}  // namespace frank::moderation

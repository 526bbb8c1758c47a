#include "services/moderation/reporter_tally.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

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

// What a decision means for a reporter.
uint32_t MeaningOf(v1::ReportOutcome outcome, bool proves) {
  if (outcome == v1::REPORT_OUTCOME_ACTION_TAKEN && proves) {
    return storage::kOutcomeUpheld;
  }
  if (outcome == v1::REPORT_OUTCOME_NO_ACTION ||
      outcome == v1::REPORT_OUTCOME_NOT_VERIFIABLE) {
    return storage::kOutcomeNotUpheld;
  }
  return storage::kOutcomeNone;
}

// By reporter.
using Marks = std::map<std::string, OutcomeMarkRecord>;

// The marks that a decision has, meaning nothing any more.
absl::StatusOr<Marks> EmptiedMarks(storage::Transaction& transaction,
                                   const DecisionId& decision) {
  FRANK_ASSIGN_OR_RETURN(auto found,
                         storage::ListOutcomeMarks(transaction, decision));
  Marks marks;
  for (storage::OutcomeMark& mark : found) {
    mark.record.set_outcome(storage::kOutcomeNone);
    marks.emplace(std::move(mark.reporter_uri), mark.record);
  }
  return marks;
}

void WriteMarks(storage::Transaction& transaction, const DecisionId& decision,
                const Marks& marks) {
  for (const auto& [reporter, record] : marks) {
    storage::PutOutcomeMark(transaction, decision, {reporter, record});
  }
  if (!marks.empty()) storage::PutUncounted(transaction, decision);
}

// `by` is 1 or -1.
void Move(uint32_t outcome, int by, ReporterOutcomesRecord* record) {
  if (outcome == storage::kOutcomeUpheld) {
    record->set_upheld_count(record->upheld_count() + by);
  } else if (outcome == storage::kOutcomeNotUpheld) {
    record->set_not_upheld_count(record->not_upheld_count() + by);
  }
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

absl::Status MarkOutcome(
    storage::Transaction& transaction, const DecisionId& decision,
    const std::vector<storage::CaseReport>& reports,
    absl::FunctionRef<v1::ReportOutcome(bool proves)> outcome_for) {
  FRANK_ASSIGN_OR_RETURN(Marks marks, EmptiedMarks(transaction, decision));
  // Once for a reporter, who may have reported several messages.
  std::map<std::string, bool> proves;
  for (const storage::CaseReport& report : reports) {
    bool& any = proves[report.report.reporter_uri];
    any = any || report.proves;
  }
  for (const auto& [reporter, proved] : proves) {
    uint32_t outcome = MeaningOf(outcome_for(proved), proved);
    if (outcome != storage::kOutcomeNone) marks[reporter].set_outcome(outcome);
  }
  WriteMarks(transaction, decision, marks);
  return absl::OkStatus();
}

absl::Status UnmarkOutcome(storage::Transaction& transaction,
                           const DecisionId& decision) {
  FRANK_ASSIGN_OR_RETURN(Marks marks, EmptiedMarks(transaction, decision));
  WriteMarks(transaction, decision, marks);
  return absl::OkStatus();
}

absl::Status CountMarks(storage::Transaction& transaction,
                        const DecisionId& decision) {
  FRANK_ASSIGN_OR_RETURN(auto marks,
                         storage::ListOutcomeMarks(transaction, decision));
  for (storage::OutcomeMark& mark : marks) {
    const uint32_t outcome = mark.record.outcome();
    if (outcome != mark.record.counted()) {
      FRANK_ASSIGN_OR_RETURN(
          ReporterOutcomesRecord record,
          storage::GetReporterOutcomes(transaction, mark.reporter_uri));
      Move(mark.record.counted(), -1, &record);
      Move(outcome, +1, &record);
      storage::PutReporterOutcomes(transaction, mark.reporter_uri, record);
    }
    mark.record.set_counted(outcome);
    if (outcome == storage::kOutcomeNone) {
      storage::DeleteOutcomeMark(transaction, decision, mark.reporter_uri);
    } else {
      storage::PutOutcomeMark(transaction, decision, mark);
    }
  }
  return absl::OkStatus();
}

}  // namespace frank::moderation

// One run of the transaction that folds reports into a case.
#ifndef FRANK_SERVICES_MODERATION_CASE_FOLD_H_
#define FRANK_SERVICES_MODERATION_CASE_FOLD_H_

#include <map>
#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "frank/storage/v1/target.pb.h"
#include "services/moderation/act_log.h"
#include "services/moderation/evidence_merge.h"
#include "services/moderation/report_folder.h"
#include "services/moderation/reporter_tally.h"
#include "services/moderation/routing.h"
#include "storage/case_store.h"
#include "storage/engine.h"

namespace frank::moderation {

// Sets when a report of UNKNOWN_KEY messages is judged again: in an hour, for 7
// days after it came.
void ScheduleRetry(storage::Transaction& transaction, UnixMillis now,
                   const storage::ReportRef& report,
                   storage::v1::IntakeReportRecord* record);

// The open case of (accused, policy area), opened when the first report needs
// it. A report that comes after a decision opens a new case, linked to the old
// one, also while that decision can still be undone: if it is, the two stand
// side by side, and one can be marked the duplicate of the other.
class CaseFold {
 public:
  struct Context {
    storage::Engine& engine;
    const KeyVault& vault;
    const Routing& routing;
    UnixMillis now = 0;
    // The id of the case if one has to be opened.
    CaseId new_case_id;
  };
  CaseFold(const Context& context, storage::Transaction& transaction);

  // Folds a report in. One that is not due any more is left alone.
  absl::Status Add(const FoldItem& item);
  // Writes the case, its evidence and the acts.
  absl::Status Write();

 private:
  struct LeftCase {
    storage::v1::CaseRecord before;
    storage::v1::CaseRecord after;
  };

  absl::Status AddWaiting(const FoldItem& item,
                          storage::v1::IntakeReportRecord record);
  absl::Status AddRetry(const FoldItem& item,
                        storage::v1::IntakeReportRecord record);
  absl::Status Join(const FoldItem& item,
                    storage::v1::IntakeReportRecord* record);
  // Takes a report that belongs elsewhere now out of an undecided case.
  absl::Status LeaveCase(const FoldItem& item,
                         const storage::v1::IntakeReportRecord& record);
  void CountInflow(const FoldItem& item, bool is_new);
  absl::Status WakeForNews();
  absl::Status OpenCase(const JudgedReport& judged);
  absl::Status LinkPredecessor();
  absl::Status LoadCase(const JudgedReport& judged);
  absl::Status AddEvidence(const FoldItem& item);
  absl::Status CountProvenReporter(const std::string& reporter);
  absl::Status Describe(const FoldItem& item,
                        storage::v1::IntakeReportRecord* record);
  void Schedule(const FoldItem& item, storage::v1::IntakeReportRecord* record);
  absl::Status Record(const FoldItem& item, absl::string_view act);

  const Context context_;
  storage::Transaction& transaction_;
  ActLog acts_;
  CaseId id_;
  absl::optional<DataKey> key_;
  absl::optional<storage::v1::CaseRecord> before_;
  storage::v1::CaseRecord after_;
  absl::optional<EvidenceMerge> evidence_;
  std::map<CaseId, LeftCase> left_;
  std::set<std::string> proven_reporters_;
  ReporterTally tally_;
  // What of this counts as having come in, and the report that it began with.
  storage::v1::InflowRecord inflow_;
  absl::optional<ReportId> first_report_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_CASE_FOLD_H_

// Folds waiting reports into cases: opens and judges them, then writes all
// waiting reports of one case in one transaction. Judges again, for 7 days,
// what no key window held yet.
#ifndef FRANK_SERVICES_MODERATION_REPORT_FOLDER_H_
#define FRANK_SERVICES_MODERATION_REPORT_FOLDER_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/clock.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/moderation_metrics.h"
#include "services/moderation/report_judge.h"
#include "services/moderation/routing.h"
#include "services/moderation/worker_lease.h"
#include "storage/engine.h"
#include "storage/intake_store.h"

namespace frank::moderation {

// A judged report on its way into a case.
struct FoldItem {
  storage::schema::DueReport due;
  JudgedReport judged;
  DataKey key;
  // Judged before, and now again.
  bool again = false;
  // Of the process whose keys judged it.
  std::string judged_with;
  // CLEAR_MISMATCH, and it was not known to be.
  bool raises_mismatch = false;
  // It waited in the lane of its muted reporter.
  bool was_held = false;
  // Verdicts that its messages did not have before.
  std::vector<storage::v1::MessageVerdictRecord> new_verdicts;
  // At the platform, and here.
  UnixMillis accepted_at = 0;
  UnixMillis received_at = 0;
};

// Used by one thread, a Worker's; the counters by any.
class ReportFolder {
 public:
  struct Dependencies {
    storage::Engine& engine;
    const KeyVault& vault;
    const ReportJudge& judge;
    const Routing& routing;
    const Clock& clock;
    RandomSource& random;
    ModerationMetrics& metrics;
  };
  explicit ReportFolder(const Dependencies& dependencies);

  // Handles some of the due reports; returns how many. 0: nothing is due, or
  // another instance does it. Reports that wait for a key count as due once
  // after the start, since the keys may be others than before. One that cannot
  // be handled is put off, longer each time, and blocks nobody. Fewer
  // than kScan were all that was due.
  static constexpr size_t kScan = 8;
  absl::StatusOr<size_t> FoldSome();

  // Whether this instance does the work, by the last call of FoldSome.
  bool is_mine() const { return is_mine_; }
  // Gives the work to whoever comes; after the last FoldSome.
  void End() { lease_.Release(); }

  uint64_t clear_mismatches() const { return clear_mismatches_.load(); }

 private:
  using DueReport = storage::schema::DueReport;
  // Due reports of the first table wait to be opened, of the second to be
  // judged again.
  enum class Queue { kWaiting, kRetries };
  // By accused account and policy area: of each, what goes into one case.
  using Groups =
      std::map<std::pair<std::string, std::string>, std::vector<FoldItem>>;

  absl::StatusOr<std::vector<DueReport>> ScanDue(Queue queue);
  absl::Status Fold(Queue queue, const std::vector<DueReport>& due);
  // Handles one report as far as it can be without its case: what is to be
  // folded goes to Hold.
  absl::Status Handle(Queue queue, const DueReport& due);
  absl::StatusOr<FoldItem> Judge(const DueReport& due,
                                 const storage::v1::IntakeReportRecord& record);
  // Puts a report of a muted reporter that may wait into their lane; false when
  // it is to be folded.
  absl::StatusOr<bool> HoldBack(FoldItem* item);
  absl::Status Hold(FoldItem item);
  absl::Status FoldHeld();
  // A transaction for each group, side by side; where one fails because of a
  // report, one for each report. Those of one reporter, whom each counts, would
  // meet and are not folded side by side.
  absl::Status FoldGroups(
      absl::Span<const std::vector<FoldItem>* const> groups);
  absl::Status FoldOneByOne(const std::vector<FoldItem>& group);
  // What folds the reports of a group, which must outlive it.
  storage::TransactionBody BodyOf(absl::Span<const FoldItem> group) const;
  // Counts what has been folded.
  void Count(const FoldItem& item);

  // A report that cannot be handled now: it waits.
  absl::Status PutOff(Queue queue, const DueReport& due,
                      const absl::Status& why);
  // A report that was judged with the keys that this process has.
  absl::Status Reschedule(const DueReport& due);
  // An entry of a queue that is none any more.
  absl::Status Drop(Queue queue, const DueReport& due);

  const Dependencies d_;
  WorkerLease lease_;
  const UnixMillis started_at_;
  // Of this process: keys do not change while it runs.
  const std::string keys_generation_;
  bool is_mine_ = false;
  Groups groups_;
  size_t held_bytes_ = 0;
  std::atomic<uint64_t> clear_mismatches_{0};
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_REPORT_FOLDER_H_

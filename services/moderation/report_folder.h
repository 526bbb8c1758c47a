// Folds waiting reports into cases: opens and judges them, then writes all
// waiting reports of one case in one transaction. Judges again, for 7 days,
// what no key window held yet.
#ifndef FRANK_SERVICES_MODERATION_REPORT_FOLDER_H_
#define FRANK_SERVICES_MODERATION_REPORT_FOLDER_H_

#include <atomic>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/report_judge.h"
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
};

// Used by one thread, a Worker's; the counters by any.
class ReportFolder {
 public:
  struct Dependencies {
    storage::Engine& engine;
    const KeyVault& vault;
    const ReportJudge& judge;
    const Clock& clock;
    RandomSource& random;
  };
  explicit ReportFolder(const Dependencies& dependencies);

  // Handles some of the due reports; returns how many. 0: nothing is due, or
  // another instance does it. Reports that wait for a key window count as due
  // once after the start, since the rings may be others than before.
  absl::StatusOr<size_t> FoldSome();

  uint64_t clear_mismatches() const { return clear_mismatches_.load(); }

 private:
  // What FoldSome read from the two queues, bounded in number and bytes.
  struct Due {
    std::vector<storage::schema::DueReport> waiting;
    std::vector<storage::schema::DueReport> retries;
  };
  absl::StatusOr<Due> ScanDue();
  absl::StatusOr<FoldItem> Judge(const storage::schema::DueReport& due,
                                 const storage::v1::IntakeReportRecord& record);
  // Judges and groups by case; then folds each group.
  absl::StatusOr<size_t> Fold(const std::vector<storage::schema::DueReport>&);
  absl::Status FoldGroup(const std::vector<FoldItem>& group);
  // A report that the store cannot give: it waits another hour.
  absl::Status Postpone(const storage::schema::DueReport& due);

  const Dependencies d_;
  WorkerLease lease_;
  const UnixMillis started_at_;
  std::atomic<uint64_t> clear_mismatches_{0};
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_REPORT_FOLDER_H_

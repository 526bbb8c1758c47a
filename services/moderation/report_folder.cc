#include "services/moderation/report_folder.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/limits.h"
#include "core/log.h"
#include "core/status.h"
#include "services/moderation/case_fold.h"
#include "services/moderation/sealed_original.h"

namespace frank::moderation {
namespace {

// Of each bucket, in one pass.
constexpr size_t kScan = 8;
// In one transaction: so many reports, and about so many bytes of sealed
// reports, since what they disclose is no larger.
constexpr size_t kMaxGroup = 64;
constexpr size_t kMaxGroupBytes = 8u << 20;

using storage::schema::DueReport;
using GroupKey = std::pair<std::string, std::string>;

size_t SizeOf(const FoldItem& item) {
  return item.judged.content ? item.judged.content->ByteSizeLong() : 0;
}

}  // namespace

ReportFolder::ReportFolder(const Dependencies& dependencies)
    : d_(dependencies),
      lease_(d_.engine, d_.clock, d_.random, "fold"),
      started_at_(d_.clock.Now()) {}

absl::StatusOr<ReportFolder::Due> ReportFolder::ScanDue() {
  UnixMillis now = d_.clock.Now();
  // Before the start, every retry was set to at most an interval after it.
  UnixMillis retry_until =
      std::max(now, started_at_ + limits::kUnknownKeyRetryInterval - 1);
  Due due;
  FRANK_ASSIGN_OR_RETURN(due.waiting,
                         storage::ScanWaiting(d_.engine, now, kScan));
  FRANK_ASSIGN_OR_RETURN(due.retries,
                         storage::ScanRetries(d_.engine, retry_until, kScan));
  return due;
}

absl::StatusOr<size_t> ReportFolder::FoldSome() {
  FRANK_ASSIGN_OR_RETURN(bool mine, lease_.Acquire());
  if (!mine) return 0;
  FRANK_ASSIGN_OR_RETURN(Due due, ScanDue());
  FRANK_ASSIGN_OR_RETURN(size_t waiting, Fold(due.waiting));
  FRANK_ASSIGN_OR_RETURN(size_t retries, Fold(due.retries));
  return waiting + retries;
}

absl::StatusOr<FoldItem> ReportFolder::Judge(
    const DueReport& due, const storage::v1::IntakeReportRecord& record) {
  FRANK_ASSIGN_OR_RETURN(DataKey key,
                         d_.vault.ReportKey(d_.engine, due.report));
  FRANK_ASSIGN_OR_RETURN(std::vector<std::string> pieces,
                         storage::GetSealedPieces(d_.engine, due.report,
                                                  record.sealed_piece_count()));
  FRANK_ASSIGN_OR_RETURN(Bytes sealed, OpenOriginal(key, due.report, pieces));
  FRANK_ASSIGN_OR_RETURN(JudgedReport judged,
                         d_.judge.Judge(due.report, record, sealed));
  return FoldItem{due, std::move(judged), std::move(key),
                  record.condition() != kReportWaiting};
}

absl::StatusOr<size_t> ReportFolder::Fold(const std::vector<DueReport>& due) {
  std::map<GroupKey, std::vector<FoldItem>> groups;
  std::map<GroupKey, size_t> bytes;
  for (const DueReport& report : due) {
    FRANK_ASSIGN_OR_RETURN(auto record,
                           storage::FindIntakeReport(d_.engine, report.report));
    // Handled since the scan.
    if (!record) continue;
    absl::StatusOr<FoldItem> item = Judge(report, *record);
    if (absl::IsDataLoss(item.status())) {
      Log(Severity::kError, "report.unreadable",
          {LogField("report_id", report.report.id)});
      FRANK_RETURN_IF_ERROR(Postpone(report));
      continue;
    }
    FRANK_RETURN_IF_ERROR(item.status());
    GroupKey key(item->judged.accused_uri, item->judged.policy_area);
    bytes[key] += SizeOf(*item);
    groups[key].push_back(*std::move(item));
    if (groups[key].size() < kMaxGroup && bytes[key] < kMaxGroupBytes) continue;
    FRANK_RETURN_IF_ERROR(FoldGroup(groups[key]));
    groups.erase(key);
    bytes.erase(key);
  }
  for (const auto& [key, group] : groups) {
    FRANK_RETURN_IF_ERROR(FoldGroup(group));
  }
  return due.size();
}

absl::Status ReportFolder::FoldGroup(const std::vector<FoldItem>& group) {
  CaseFold::Context context{d_.vault, d_.clock.Now(),
                            CaseId::Random(d_.random)};
  FRANK_RETURN_IF_ERROR(storage::RunTransactionAndWait(
      d_.engine, [&](storage::Transaction& transaction) -> absl::Status {
        FRANK_RETURN_IF_ERROR(lease_.Track(transaction));
        CaseFold fold(context, transaction);
        for (const FoldItem& item : group) {
          FRANK_RETURN_IF_ERROR(fold.Add(item));
        }
        return fold.Write();
      }));
  for (const FoldItem& item : group) {
    if (!item.judged.clear_mismatch || item.again) continue;
    ++clear_mismatches_;
    Log(Severity::kError, "report.clear_mismatch",
        {LogField("report_id", item.due.report.id)});
  }
  return absl::OkStatus();
}

absl::Status ReportFolder::Postpone(const DueReport& due) {
  return storage::RunTransactionAndWait(
      d_.engine, [&](storage::Transaction& transaction) -> absl::Status {
        FRANK_RETURN_IF_ERROR(lease_.Track(transaction));
        FRANK_ASSIGN_OR_RETURN(
            auto record, storage::FindIntakeReport(transaction, due.report));
        if (!record) return absl::OkStatus();
        UnixMillis next = d_.clock.Now() + limits::kUnknownKeyRetryInterval;
        if (record->condition() == kReportWaiting) {
          storage::DeleteWaiting(transaction, due.due, due.report);
          storage::PutWaiting(transaction, next, due.report);
          return absl::OkStatus();
        }
        storage::DeleteRetry(transaction, due.due, due.report);
        storage::PutRetry(transaction, next, due.report);
        record->set_retry_at(next);
        storage::PutIntakeReport(transaction, due.report, *record);
        return absl::OkStatus();
      });
}

}  // namespace frank::moderation

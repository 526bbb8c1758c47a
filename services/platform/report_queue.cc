#include "services/platform/report_queue.h"

#include <memory>
#include <set>
#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "storage/rate_store.h"

namespace frank::platform {

ReportQueue::~ReportQueue() {
  absl::MutexLock lock(&mutex_);
  auto idle = [this]()
                  ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !storing_; };
  mutex_.Await(absl::Condition(&idle));
}

void ReportQueue::Submit(storage::OutgoingReport report,
                         std::string fingerprint, Done done) {
  {
    absl::MutexLock lock(&mutex_);
    waiting_.push_back(Waiting{std::move(report), std::move(fingerprint),
                               std::move(done),
                               absl::UnknownError("not stored yet")});
    if (storing_) return;
    storing_ = true;
  }
  StartNext();
}

void ReportQueue::StartNext() {
  auto batch = std::make_shared<Batch>();
  {
    absl::MutexLock lock(&mutex_);
    *batch = TakeBatch();
    if (batch->empty()) {
      storing_ = false;
      return;
    }
  }
  storage::RunTransaction(
      engine_,
      [this, batch](storage::Transaction& transaction) {
        return Store(*batch, transaction);
      },
      [this, batch](absl::Status committed) {
        Complete(*batch, committed);
        StartNext();
      });
}

// Takes what fits into one commit, at most one report of a reporter: a
// transaction does not see its own writes, so two would not see each other's
// id and count.
ReportQueue::Batch ReportQueue::TakeBatch() {
  Batch batch;
  std::set<std::string> reporters;
  std::deque<Waiting> later;
  size_t bytes = 0;
  while (!waiting_.empty()) {
    Waiting& next = waiting_.front();
    bool full = !batch.empty() && (batch.size() == limits::kMaxReportBatch ||
                                   bytes + next.report.sealed.size() >
                                       limits::kMaxCommitBatchBytes);
    if (full) break;
    if (reporters.insert(next.report.reporter_uri).second) {
      bytes += next.report.sealed.size();
      batch.push_back(std::move(next));
    } else {
      later.push_back(std::move(next));
    }
    waiting_.pop_front();
  }
  while (!later.empty()) {
    waiting_.push_front(std::move(later.back()));
    later.pop_back();
  }
  return batch;
}

absl::Status ReportQueue::Store(Batch& batch,
                                storage::Transaction& transaction) const {
  FRANK_ASSIGN_OR_RETURN(uint64_t first,
                         storage::LastReportNumber(transaction));
  uint64_t last = first;
  UnixMillis now = clock_.Now();
  for (Waiting& waiting : batch) {
    waiting.outcome = StoreOne(waiting, now, &last, transaction);
  }
  if (last != first) storage::PutLastReportNumber(transaction, last);
  return absl::OkStatus();
}

absl::StatusOr<UnixMillis> ReportQueue::StoreOne(
    Waiting& waiting, UnixMillis now, uint64_t* last_number,
    storage::Transaction& transaction) const {
  storage::OutgoingReport& report = waiting.report;
  FRANK_ASSIGN_OR_RETURN(
      absl::optional<storage::ReportStatus> known,
      storage::FindReport(transaction, report.reporter_uri, report.id));
  if (known) {
    if (known->fingerprint == waiting.fingerprint) return known->accepted_at;
    return WithReason(
        absl::AlreadyExistsError("this report id came before with other bytes"),
        "ID_CONFLICT");
  }
  FRANK_RETURN_IF_ERROR(storage::CountInHour(
      transaction, storage::RateKind::kReports, report.reporter_uri, now,
      limits::kMaxReportsAnHour));
  report.accepted_at = now;
  storage::AddReport(transaction, ++*last_number, waiting.fingerprint, report);
  return now;
}

void ReportQueue::Complete(Batch& batch, const absl::Status& committed) {
  for (Waiting& waiting : batch) {
    // What was decided from reads holds only if the commit found them valid.
    std::move(waiting.done)(committed.ok() ? std::move(waiting.outcome)
                                           : committed);
  }
}

}  // namespace frank::platform

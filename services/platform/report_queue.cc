#include "services/platform/report_queue.h"

#include <memory>
#include <set>
#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "storage/rate_store.h"

namespace frank::platform {

namespace {

constexpr UnixMillis kRetryAfter = kSecond;

absl::Status TooMuchWaits() {
  return WithRetryAfter(
      WithReason(absl::ResourceExhaustedError("too many reports wait"),
                 "QUOTA_EXCEEDED"),
      kRetryAfter);
}

size_t CountOf(const std::map<std::string, size_t>& counts,
               const std::string& subject) {
  auto found = counts.find(subject);
  return found == counts.end() ? 0 : found->second;
}

void Lower(std::map<std::string, size_t>& counts, const std::string& subject) {
  auto found = counts.find(subject);
  if (--found->second == 0) counts.erase(found);
}

}  // namespace

ReportQueue::~ReportQueue() {
  absl::MutexLock lock(&mutex_);
  auto idle = [this]()
                  ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !storing_; };
  mutex_.Await(absl::Condition(&idle));
}

bool ReportQueue::Fits(const SubmittedReport& submitted) const {
  return CountOf(of_reporter_, submitted.report.reporter_uri) <
             limits::kMaxWaitingReports &&
         CountOf(of_credential_, submitted.credential) <
             limits::kMaxWaitingReportsOfCredential &&
         bytes_ + submitted.report.sealed.size() <=
             limits::kMaxAllWaitingReportBytes;
}

void ReportQueue::Count(const SubmittedReport& submitted) {
  ++of_reporter_[submitted.report.reporter_uri];
  if (!submitted.credential.empty()) ++of_credential_[submitted.credential];
  bytes_ += submitted.report.sealed.size();
}

void ReportQueue::Uncount(const SubmittedReport& submitted) {
  Lower(of_reporter_, submitted.report.reporter_uri);
  if (!submitted.credential.empty()) {
    Lower(of_credential_, submitted.credential);
  }
  bytes_ -= submitted.report.sealed.size();
}

void ReportQueue::Submit(SubmittedReport submitted, Done done) {
  bool start = false;
  {
    absl::MutexLock lock(&mutex_);
    if (Fits(submitted)) {
      Count(submitted);
      waiting_.push_back(Waiting{std::move(submitted), std::move(done),
                                 absl::UnknownError("not stored yet")});
      start = !std::exchange(storing_, true);
      done = nullptr;
    }
  }
  if (done) return std::move(done)(TooMuchWaits());
  if (start) StartNext();
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

// Takes what fits into one commit, at most one report of a reporter and of a
// credential: a transaction does not see its own writes, so two would not see
// each other's id and count.
ReportQueue::Batch ReportQueue::TakeBatch() {
  Batch batch;
  std::set<std::string> reporters;
  std::set<std::string> credentials;
  std::deque<Waiting> later;
  size_t bytes = 0;
  while (!waiting_.empty()) {
    Waiting& next = waiting_.front();
    const SubmittedReport& submitted = next.submitted;
    size_t size = submitted.report.sealed.size();
    bool full = !batch.empty() && (batch.size() == limits::kMaxReportBatch ||
                                   bytes + size > limits::kMaxCommitBatchBytes);
    if (full) break;
    if (reporters.count(submitted.report.reporter_uri) != 0 ||
        credentials.count(submitted.credential) != 0) {
      later.push_back(std::move(next));
    } else {
      reporters.insert(submitted.report.reporter_uri);
      if (!submitted.credential.empty()) {
        credentials.insert(submitted.credential);
      }
      bytes += size;
      batch.push_back(std::move(next));
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
  storage::OutgoingReport& report = waiting.submitted.report;
  const std::string& fingerprint = waiting.submitted.fingerprint;
  const std::string& credential = waiting.submitted.credential;
  FRANK_ASSIGN_OR_RETURN(
      absl::optional<storage::ReportStatus> known,
      storage::FindReport(transaction, report.reporter_uri, report.id));
  if (known) {
    if (known->fingerprint == fingerprint) return known->accepted_at;
    return WithReason(
        absl::AlreadyExistsError("this report id came before with other bytes"),
        "ID_CONFLICT");
  }
  // Before the reporter's, who does not pay for a credential that is used up.
  if (!credential.empty()) {
    FRANK_RETURN_IF_ERROR(storage::CountInHour(
        transaction, storage::RateKind::kReportsOfCredential, credential, now,
        limits::kMaxReportsOfCredentialAnHour));
  }
  FRANK_RETURN_IF_ERROR(storage::CountInHour(
      transaction, storage::RateKind::kReports, report.reporter_uri, now,
      limits::kMaxReportsAnHour));
  report.accepted_at = now;
  storage::AddReport(transaction, ++*last_number, fingerprint, report);
  return now;
}

void ReportQueue::Complete(Batch& batch, const absl::Status& committed) {
  {
    absl::MutexLock lock(&mutex_);
    for (const Waiting& waiting : batch) Uncount(waiting.submitted);
  }
  for (Waiting& waiting : batch) {
    // What was decided from reads holds only if the commit found them valid.
    std::move(waiting.done)(committed.ok() ? std::move(waiting.outcome)
                                           : committed);
  }
}

}  // namespace frank::platform

#include "services/platform/outbox_queue.h"

#include <memory>
#include <set>
#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "storage/rate_store.h"

namespace frank::platform {
namespace {

absl::Status IdConflict(absl::string_view what) {
  return WithReason(absl::AlreadyExistsError(what), "ID_CONFLICT");
}

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

// Against the reporter's hour and the credential's: both or neither, since what
// is refused here commits with the others of its batch.
absl::Status CountReport(const std::string& reporter,
                         const std::string& credential,
                         storage::Transaction& transaction, UnixMillis now) {
  using storage::RateKind;
  if (!credential.empty()) {
    FRANK_RETURN_IF_ERROR(storage::CheckHour(
        transaction, RateKind::kReportsOfCredential, credential, now,
        limits::kMaxReportsOfCredentialAnHour));
  }
  FRANK_RETURN_IF_ERROR(storage::CountInHour(transaction, RateKind::kReports,
                                             reporter, now,
                                             limits::kMaxReportsAnHour));
  if (credential.empty()) return absl::OkStatus();
  return storage::CountInHour(transaction, RateKind::kReportsOfCredential,
                              credential, now,
                              limits::kMaxReportsOfCredentialAnHour);
}

absl::StatusOr<UnixMillis> StoreReport(storage::OutgoingReport& report,
                                       const std::string& fingerprint,
                                       const std::string& credential,
                                       storage::Transaction& transaction,
                                       UnixMillis now, uint64_t* last_number) {
  FRANK_ASSIGN_OR_RETURN(
      absl::optional<storage::ReportStatus> known,
      storage::FindReport(transaction, report.reporter_uri, report.id));
  if (known) {
    if (known->fingerprint == fingerprint) return known->accepted_at;
    return IdConflict("this report id came before with other bytes");
  }
  FRANK_RETURN_IF_ERROR(
      CountReport(report.reporter_uri, credential, transaction, now));
  report.accepted_at = now;
  storage::AddReport(transaction, ++*last_number, fingerprint, report);
  return now;
}

absl::StatusOr<UnixMillis> StoreAppeal(storage::OutgoingAppeal& appeal,
                                       const std::string& fingerprint,
                                       storage::Transaction& transaction,
                                       UnixMillis now, uint64_t* last_number) {
  FRANK_ASSIGN_OR_RETURN(
      auto decision, storage::FindAccountDecision(
                         transaction, appeal.account_uri, appeal.decision_id));
  if (!decision) {
    return WithReason(
        absl::NotFoundError("there is no such decision about you"),
        "NOT_FOUND");
  }
  if (decision->has_appeal()) {
    if (decision->appeal().fingerprint() == fingerprint) {
      return decision->appeal().accepted_at();
    }
    return IdConflict("this decision was appealed before");
  }
  if (now >= decision->appeal_until()) {
    return WithReason(
        absl::FailedPreconditionError("the time to appeal is over"),
        "APPEAL_PERIOD_OVER");
  }
  appeal.accepted_at = now;
  storage::AddAppealToOutbox(transaction, ++*last_number, fingerprint, appeal,
                             *std::move(decision));
  return now;
}

}  // namespace

OutboxEntry MakeEntry(storage::OutgoingReport report, std::string fingerprint,
                      std::string credential) {
  OutboxEntry entry;
  entry.submitter = {report.reporter_uri, credential};
  entry.bytes = report.sealed.size();
  entry.store = [report = std::move(report),
                 fingerprint = std::move(fingerprint),
                 credential = std::move(credential)](
                    storage::Transaction& transaction, UnixMillis now,
                    uint64_t* last_number) mutable {
    return StoreReport(report, fingerprint, credential, transaction, now,
                       last_number);
  };
  return entry;
}

OutboxEntry MakeEntry(storage::OutgoingAppeal appeal, std::string fingerprint,
                      std::string credential) {
  OutboxEntry entry;
  entry.submitter = {appeal.account_uri, std::move(credential)};
  entry.bytes = appeal.sealed.size();
  entry.store = [appeal = std::move(appeal),
                 fingerprint = std::move(fingerprint)](
                    storage::Transaction& transaction, UnixMillis now,
                    uint64_t* last_number) mutable {
    return StoreAppeal(appeal, fingerprint, transaction, now, last_number);
  };
  return entry;
}

OutboxQueue::~OutboxQueue() {
  absl::MutexLock lock(&mutex_);
  auto idle = [this]()
                  ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !storing_; };
  mutex_.Await(absl::Condition(&idle));
}

bool OutboxQueue::Fits(const OutboxEntry& entry) const {
  return CountOf(of_submitter_, entry.submitter.uri) <
             limits::kMaxWaitingReports &&
         CountOf(of_credential_, entry.submitter.credential) <
             limits::kMaxWaitingReportsOfCredential &&
         bytes_ + entry.bytes <= limits::kMaxAllWaitingReportBytes;
}

void OutboxQueue::Count(const OutboxEntry& entry) {
  ++of_submitter_[entry.submitter.uri];
  if (!entry.submitter.credential.empty()) {
    ++of_credential_[entry.submitter.credential];
  }
  bytes_ += entry.bytes;
}

void OutboxQueue::Uncount(const OutboxEntry& entry) {
  Lower(of_submitter_, entry.submitter.uri);
  if (!entry.submitter.credential.empty()) {
    Lower(of_credential_, entry.submitter.credential);
  }
  bytes_ -= entry.bytes;
}

void OutboxQueue::Submit(OutboxEntry entry, Done done) {
  bool start = false;
  {
    absl::MutexLock lock(&mutex_);
    if (Fits(entry)) {
      Count(entry);
      waiting_.push_back(Waiting{std::move(entry), std::move(done),
                                 absl::UnknownError("not stored yet")});
      start = !std::exchange(storing_, true);
      done = nullptr;
    }
  }
  if (done) return std::move(done)(TooMuchWaits());
  if (start) StartNext();
}

void OutboxQueue::StartNext() {
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

// Takes what fits into one commit, at most one entry of a submitter and of a
// credential.
OutboxQueue::Batch OutboxQueue::TakeBatch() {
  Batch batch;
  std::set<std::string> submitters;
  std::set<std::string> credentials;
  std::deque<Waiting> later;
  size_t bytes = 0;
  while (!waiting_.empty()) {
    Waiting& next = waiting_.front();
    bool full = !batch.empty() &&
                (batch.size() == limits::kMaxReportBatch ||
                 bytes + next.entry.bytes > limits::kMaxCommitBatchBytes);
    if (full) break;
    const Subject& submitter = next.entry.submitter;
    if (submitters.count(submitter.uri) != 0 ||
        credentials.count(submitter.credential) != 0) {
      later.push_back(std::move(next));
    } else {
      submitters.insert(submitter.uri);
      if (!submitter.credential.empty()) {
        credentials.insert(submitter.credential);
      }
      bytes += next.entry.bytes;
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

absl::Status OutboxQueue::Store(Batch& batch,
                                storage::Transaction& transaction) const {
  FRANK_ASSIGN_OR_RETURN(uint64_t first,
                         storage::LastReportNumber(transaction));
  uint64_t last = first;
  UnixMillis now = clock_.Now();
  for (Waiting& waiting : batch) {
    waiting.outcome = waiting.entry.store(transaction, now, &last);
  }
  if (last != first) storage::PutLastReportNumber(transaction, last);
  return absl::OkStatus();
}

void OutboxQueue::Complete(Batch& batch, const absl::Status& committed) {
  {
    absl::MutexLock lock(&mutex_);
    for (const Waiting& waiting : batch) Uncount(waiting.entry);
  }
  for (Waiting& waiting : batch) {
    // What was decided from reads holds only if the commit found them valid.
    std::move(waiting.done)(committed.ok() ? std::move(waiting.outcome)
                                           : committed);
  }
}

}  // namespace frank::platform

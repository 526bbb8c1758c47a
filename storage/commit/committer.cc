#include "storage/commit/committer.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "core/limits.h"
#include "core/log.h"
#include "core/status.h"

namespace frank::storage {
namespace {

absl::Status NotTaken() {
  return WithRetryAfter(
      WithReason(absl::UnavailableError("the commit was not taken: too many "
                                        "are waiting, or the store is closing"),
                 "UNAVAILABLE"),
      limits::kRetryWhenCommitsWait);
}

}  // namespace

class Committer::BatchValues {
 public:
  // Both outlive it; commits are only added.
  BatchValues(Read& read, const std::vector<PendingCommit>& accepted)
      : read_(read), accepted_(accepted) {}

  absl::StatusOr<absl::optional<std::string>> Get(const std::string& key) {
    auto found = known_.find(key);
    if (found == known_.end()) {
      FRANK_ASSIGN_OR_RETURN(absl::optional<std::string> durable, read_(key));
      found = known_.emplace(key, Known{std::move(durable), 0}).first;
    }
    Known& known = found->second;
    for (; known.commits < accepted_.size(); ++known.commits) {
      const WriteSet& writes = accepted_[known.commits].writes;
      auto written = writes.find(key);
      if (written != writes.end()) known.value = ValueOf(written->second);
    }
    return known.value;
  }

  static absl::optional<std::string> ValueOf(
      const absl::optional<WrittenValue>& written) {
    if (!written) return absl::nullopt;
    return std::string(written->bytes());
  }

 private:
  struct Known {
    absl::optional<std::string> value;
    // After so many of the commits.
    size_t commits;
  };

  Read& read_;
  const std::vector<PendingCommit>& accepted_;
  std::map<std::string, Known> known_;
};

Committer::Committer(const Clock& clock, Read read, Apply apply,
                     std::function<void()> on_failure)
    : clock_(clock),
      read_(std::move(read)),
      apply_(std::move(apply)),
      on_failure_(std::move(on_failure)),
      window_(limits::kMaxConflictWindowBytes),
      thread_([this] { Run(); }) {}

Committer::~Committer() { Stop(); }

void Committer::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
  completion_.Stop();
}

void Committer::Submit(PendingCommit commit) {
  {
    absl::MutexLock lock(&mutex_);
    // One commit alone is always taken, however large it is.
    const bool fits = waiting_bytes_ == 0 || waiting_bytes_ + commit.bytes <=
                                                 limits::kMaxWaitingCommitBytes;
    if (fits && !stopping_) {
      waiting_bytes_ += commit.bytes;
      queue_.push_back(std::move(commit));
      return;
    }
  }
  completion_.Post(
      [done = std::move(commit.done)]() mutable { done(NotTaken()); });
}

void Committer::Run() {
  while (true) {
    std::vector<PendingCommit> batch = TakeBatch();
    if (batch.empty()) return;
    Decide(std::move(batch));
  }
}

std::vector<PendingCommit> Committer::TakeBatch() {
  const auto has_news = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !queue_.empty();
  };
  absl::MutexLock lock(&mutex_, absl::Condition(&has_news));
  std::vector<PendingCommit> batch;
  size_t bytes = 0;
  while (!queue_.empty() && batch.size() < limits::kMaxCommitBatch) {
    bytes += queue_.front().bytes;
    if (!batch.empty() && bytes > limits::kMaxCommitBatchBytes) break;
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return batch;
}

void Committer::Decide(std::vector<PendingCommit> batch) {
  const UnixMillis now = clock_.Now();
  window_.Forget(now);
  const auto first_writer = std::stable_partition(
      batch.begin(), batch.end(), [](const PendingCommit& commit) {
        return commit.writes.empty() && commit.at_commit.empty();
      });

  std::vector<Answer> read_only;
  std::vector<Answer> refused;
  std::vector<PendingCommit> accepted;
  BatchValues values(read_, accepted);
  for (auto it = batch.begin(); it != batch.end(); ++it) {
    absl::Status status = Check(*it, now);
    if (status.ok()) status = MakeRowsOf(&*it, &values);
    if (it < first_writer || !status.ok()) {
      auto& answers = status.ok() ? read_only : refused;
      answers.push_back({std::move(it->done), std::move(status), it->bytes});
      continue;
    }
    // Known to the transactions that follow in this batch, too.
    window_.Add(++number_, now, it->writes);
    accepted.push_back(std::move(*it));
  }
  Tell(std::move(read_only), {});
  if (accepted.empty()) return Tell(std::move(refused), {});

  const absl::Status status = ApplyAll(accepted);
  std::vector<Answer> outcomes;
  std::vector<WriteSet> written;
  for (PendingCommit& commit : accepted) {
    outcomes.push_back({std::move(commit.done), status, commit.bytes});
    written.push_back(std::move(commit.writes));
  }
  Tell(std::move(outcomes), std::move(written));
  Tell(std::move(refused), {});
}

absl::Status Committer::Check(const PendingCommit& commit,
                              UnixMillis now) const {
  if (!failure_.ok()) return failure_;
  if (now > commit.begun && now - commit.begun > limits::kMaxTransactionAge) {
    return absl::AbortedError("the transaction is too old");
  }
  const auto has_changed = [this](const auto& read) {
    return window_.HasChangedSince(read);
  };
  if (std::any_of(commit.keys.begin(), commit.keys.end(), has_changed) ||
      std::any_of(commit.ranges.begin(), commit.ranges.end(), has_changed)) {
    return absl::AbortedError("something that was read has changed");
  }
  return absl::OkStatus();
}

absl::Status Committer::MakeRowsOf(PendingCommit* commit, BatchValues* values) {
  for (RowsAtCommit& at_commit : commit->at_commit) {
    absl::optional<std::string> value;
    auto own = commit->writes.find(at_commit.key);
    if (own != commit->writes.end()) {
      value = BatchValues::ValueOf(own->second);
    } else {
      FRANK_ASSIGN_OR_RETURN(value, values->Get(at_commit.key));
    }
    FRANK_ASSIGN_OR_RETURN(
        std::vector<KeyValue> rows,
        at_commit.make_rows(value ? absl::optional<absl::string_view>(*value)
                                  : absl::nullopt));
    for (KeyValue& row : rows) {
      commit->writes.insert_or_assign(std::move(row.key),
                                      WrittenValue(std::move(row.value)));
    }
  }
  return absl::OkStatus();
}

absl::Status Committer::ApplyAll(const std::vector<PendingCommit>& accepted) {
  absl::Status status = apply_(accepted);
  if (status.ok()) {
    applied_.store(number_, std::memory_order_release);
  } else {
    failure_ = status;
    Log(Severity::kError, "storage.commits_refused_from_now_on",
        {LogField("code", status.code())});
    if (on_failure_) on_failure_();
  }
  return status;
}

void Committer::Tell(std::vector<Answer> answers,
                     std::vector<WriteSet> written) {
  if (answers.empty()) return;
  completion_.Post([this, answers = std::move(answers),
                    written = std::move(written)]() mutable {
    // All of one batch have one outcome. Borrowed values are there until it is
    // told.
    if (!written.empty()) {
      watches_.Fire(written, /*uncertain=*/!answers.front().status.ok());
    }
    for (Answer& answer : answers) {
      // Before the callback, so that what it commits finds the room.
      Release(answer.bytes);
      answer.done(std::move(answer.status));
    }
  });
}

void Committer::Release(size_t bytes) {
  absl::MutexLock lock(&mutex_);
  waiting_bytes_ -= bytes;
}

}  // namespace frank::storage

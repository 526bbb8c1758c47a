#include "services/platform/acknowledgements.h"

#include <iterator>
#include <utility>

namespace frank::platform {
namespace {

// Long enough for the sessions that are worked off together to add theirs.
constexpr UnixMillis kGatherTime = 2;
// With so many nothing is gained by waiting.
constexpr size_t kEnough = 1024;

}  // namespace

Acknowledgements::Acknowledgements(storage::Engine& engine) : engine_(engine) {
  auto worker = std::make_unique<services::Worker>(
      "acknowledgements", [this] { return CommitWhenDue(); });
  absl::MutexLock lock(&mutex_);
  worker_ = std::move(worker);
}

Acknowledgements::~Acknowledgements() {
  std::unique_ptr<services::Worker> worker;
  {
    absl::MutexLock lock(&mutex_);
    worker.swap(worker_);
  }
  worker.reset();
  std::shared_ptr<Batch> rest;
  auto idle = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !committing_;
  };
  {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&idle));
    if (gathered_.committed.empty()) return;
    rest = Take();
  }
  Commit(std::move(rest));
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&idle));
}

void Acknowledgements::Add(
    std::vector<storage::Acknowledgement> acknowledgements, bool at_once,
    Committed committed) {
  absl::MutexLock lock(&mutex_);
  const bool first = gathered_.committed.empty();
  std::move(acknowledgements.begin(), acknowledgements.end(),
            std::back_inserter(gathered_.acknowledgements));
  gathered_.committed.push_back(std::move(committed));
  const bool due = at_once || gathered_.acknowledgements.size() >= kEnough;
  const bool was_due = std::exchange(at_once_, at_once_ || due);
  if (!committing_ && worker_ != nullptr && (first || (due && !was_due))) {
    worker_->Wake();
  }
}

UnixMillis Acknowledgements::CommitWhenDue() {
  std::shared_ptr<Batch> batch;
  {
    absl::MutexLock lock(&mutex_);
    if (committing_ || gathered_.committed.empty()) return kHour;
    if (!at_once_ && !std::exchange(waited_, true)) return kGatherTime;
    batch = Take();
  }
  Commit(std::move(batch));
  return kHour;
}

std::shared_ptr<Acknowledgements::Batch> Acknowledgements::Take() {
  committing_ = true;
  waited_ = false;
  at_once_ = false;
  return std::make_shared<Batch>(std::exchange(gathered_, {}));
}

void Acknowledgements::Commit(std::shared_ptr<Batch> batch) {
  storage::RunTransaction(
      engine_,
      [batch](storage::Transaction& transaction) {
        return storage::Acknowledge(transaction, batch->acknowledgements);
      },
      [this, batch](const absl::Status& status) {
        OnCommitted(*batch, status);
      });
}

void Acknowledgements::OnCommitted(Batch& batch, const absl::Status& status) {
  for (Committed& committed : batch.committed) committed(status);
  // What they hold is let go before anybody may go on without this.
  batch.committed.clear();
  absl::MutexLock lock(&mutex_);
  committing_ = false;
  if (!gathered_.committed.empty() && worker_ != nullptr) worker_->Wake();
}

}  // namespace frank::platform

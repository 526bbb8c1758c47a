#include "services/common/work_queue.h"

#include <utility>

namespace frank::services {
namespace {

// It is woken for all there is to do.
constexpr UnixMillis kIdle = 1 * kHour;

}  // namespace

WorkQueue::WorkQueue(std::string name)
    : worker_(std::make_unique<Worker>(std::move(name), [this] {
        RunAll();
        return kIdle;
      })) {}

WorkQueue::~WorkQueue() {
  worker_.reset();
  RunAll();
}

void WorkQueue::Post(absl::AnyInvocable<void()> work) {
  {
    absl::MutexLock lock(&mutex_);
    waiting_.push_back(std::move(work));
  }
  worker_->Wake();
}

void WorkQueue::RunAll() {
  for (;;) {
    absl::AnyInvocable<void()> work;
    {
      absl::MutexLock lock(&mutex_);
      if (waiting_.empty()) return;
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    work();
  }
}

}  // namespace frank::services

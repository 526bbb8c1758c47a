#include "services/common/held_refusals.h"

#include <utility>
#include <vector>

#include "core/limits.h"

namespace frank::services {
namespace {

// It is woken for the first that is held.
constexpr UnixMillis kIdle = 1 * kHour;

}  // namespace

HeldRefusals::HeldRefusals(const Clock& clock)
    : clock_(clock), worker_(std::make_unique<Worker>("refusals", [this] {
        return AnswerDue();
      })) {}

HeldRefusals::~HeldRefusals() {
  LetGo();
  worker_.reset();
}

void HeldRefusals::Hold(size_t bytes, Answer answer) {
  const UnixMillis due = clock_.Now() + limits::kRefusalHold;
  bool is_first = false;
  std::vector<Held> beyond;
  {
    absl::MutexLock lock(&mutex_);
    is_first = held_.empty();
    bytes_ += bytes;
    held_.push_back({due, bytes, std::move(answer)});
    while (!held_.empty() &&
           (ending_ || held_.size() > limits::kMaxHeldRefusals ||
            bytes_ > limits::kMaxHeldRefusalBytes)) {
      beyond.push_back(TakeOldest());
    }
  }
  if (is_first) worker_->Wake();
  for (Held& held : beyond) held.answer();
}

UnixMillis HeldRefusals::AnswerDue() {
  const UnixMillis now = clock_.Now();
  for (;;) {
    Held next;
    {
      absl::MutexLock lock(&mutex_);
      if (held_.empty()) return kIdle;
      const UnixMillis due = held_.front().due;
      // Longer than that only if the clock was set back.
      if (due > now && due - now <= limits::kRefusalHold) return due - now;
      next = TakeOldest();
    }
    next.answer();
  }
}

void HeldRefusals::LetGo() {
  std::deque<Held> held;
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
    bytes_ = 0;
    held.swap(held_);
  }
  for (Held& each : held) each.answer();
}

size_t HeldRefusals::count() const {
  absl::MutexLock lock(&mutex_);
  return held_.size();
}

HeldRefusals::Held HeldRefusals::TakeOldest() {
  Held oldest = std::move(held_.front());
  held_.pop_front();
  bytes_ -= oldest.bytes;
  return oldest;
}

}  // namespace frank::services

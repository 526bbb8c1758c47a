#include "client/load/ledger.h"

#include <utility>

#include "core/status.h"

namespace frank::load {
namespace {

void NoteFailure(const absl::Status& status, Tally* tally) {
  const absl::optional<std::string> reason = FindReason(status);
  if (absl::IsResourceExhausted(status)) {
    ++tally->shed;
    if (FindRetryAfter(status)) ++tally->shed_with_retry;
  } else if (reason == kReasonIdle) {
    ++tally->idle;
  } else {
    ++tally->failed;
    ++tally->failures[reason.value_or(absl::StatusCodeToString(status.code()))];
  }
}

uint64_t MicrosSince(Nanos due, Nanos now) {
  return now < due ? 0 : (now - due) / kNanosPerMicro;
}

}  // namespace

void Tally::Merge(const Tally& other) {
  due += other.due;
  done += other.done;
  shed += other.shed;
  shed_with_retry += other.shed_with_retry;
  failed += other.failed;
  idle += other.idle;
  not_sent += other.not_sent;
  latency.Merge(other.latency);
  lag.Merge(other.lag);
  for (const auto& [reason, count] : other.failures) failures[reason] += count;
}

template <typename Note>
void Ledger::Record(size_t operation, Nanos due, Note note) {
  absl::MutexLock lock(&mutex_);
  note(&window_[operation]);
  if (due >= begin_ && due < end_) note(&steady_[operation]);
}

void Ledger::Due(size_t operation, Nanos due) {
  Record(operation, due, [](Tally* tally) { ++tally->due; });
}

void Ledger::Sent(size_t operation, Nanos due, Nanos now) {
  const uint64_t lag = MicrosSince(due, now);
  Record(operation, due, [lag](Tally* tally) { tally->lag.Add(lag); });
}

void Ledger::NotSent(size_t operation, Nanos due) {
  Record(operation, due, [](Tally* tally) { ++tally->not_sent; });
}

void Ledger::Finish(size_t operation, Nanos due, Nanos now,
                    const absl::Status& status) {
  const uint64_t latency = MicrosSince(due, now);
  Record(operation, due, [&](Tally* tally) {
    if (!status.ok()) return NoteFailure(status, tally);
    ++tally->done;
    tally->latency.Add(latency);
  });
}

std::vector<Tally> Ledger::TakeWindow() {
  absl::MutexLock lock(&mutex_);
  std::vector<Tally> fresh(window_.size());
  return std::exchange(window_, std::move(fresh));
}

std::vector<Tally> Ledger::Steady() const {
  absl::MutexLock lock(&mutex_);
  return steady_;
}

}  // namespace frank::load

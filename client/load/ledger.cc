#include "client/load/ledger.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/status.h"

namespace frank::load {
namespace {

// A reason with what was said, as one reason stands for the quota of an hour
// and for what waits just now.
std::string WhyShed(const absl::Status& status) {
  const absl::optional<std::string> reason = FindReason(status);
  if (!reason) return absl::StatusCodeToString(status.code());
  return absl::StrCat(*reason, ": ", status.message());
}

void NoteFailure(const absl::Status& status, Tally* tally) {
  const absl::optional<std::string> reason = FindReason(status);
  if (absl::IsResourceExhausted(status)) {
    ++tally->shed;
    ++tally->shed_reasons[WhyShed(status)];
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

absl::optional<uint64_t> Tally::OfDue(double quantile) const {
  return latency.ValueAtOf(quantile, due - idle);
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

void Ledger::Finish(size_t operation, Nanos due, Nanos sent, Nanos now,
                    const absl::Status& status) {
  const uint64_t latency = MicrosSince(due, now);
  const uint64_t answer = MicrosSince(sent, now);
  Record(operation, due, [&](Tally* tally) {
    if (!status.ok()) return NoteFailure(status, tally);
    ++tally->done;
    tally->latency.Add(latency);
    tally->answer.Add(answer);
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

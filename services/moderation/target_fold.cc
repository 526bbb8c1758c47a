#include "services/moderation/target_fold.h"

#include <algorithm>
#include <map>

#include "core/limits.h"
#include "core/log.h"
#include "core/status.h"
#include "services/moderation/target_tally.h"

namespace frank::moderation {
namespace {

using storage::StoredTargetEvent;
using storage::TargetEvent;

// Also after a failure, and until it is looked whether another instance does
// the work still.
constexpr UnixMillis kPause = 2 * kSecond;
// Of each bucket, in one transaction.
constexpr size_t kScan = 64;
constexpr UnixMillis kForgetInterval = 1 * kHour;
constexpr size_t kForget = 1000;

void Observe(const storage::v1::TargetEventRecord& event,
             ModerationMetrics& metrics) {
  switch (static_cast<TargetEvent>(event.kind())) {
    case TargetEvent::kFirstAction:
      return metrics.FirstAction(TimeOf(event));
    case TargetEvent::kDecided:
      metrics.Decided(TimeOf(event));
      if (event.refers()) {
        metrics.Referral(event.authority(), storage::ReferralState::kWaiting);
      }
      return;
    case TargetEvent::kUndone:
    case TargetEvent::kReversed:
    case TargetEvent::kOverturned:
      if (event.refers()) {
        metrics.Referral(event.authority(), storage::ReferralState::kWithdrawn);
      }
      return;
    case TargetEvent::kUpheld:
    case TargetEvent::kInflow:
      return;
  }
}

}  // namespace

TargetFold::TargetFold(const Dependencies& dependencies)
    : d_(dependencies), lease_(d_.engine, d_.clock, d_.random, "targets") {}

UnixMillis TargetFold::FoldSome() {
  absl::StatusOr<UnixMillis> next = TryFold();
  if (next.ok()) return *next;
  Log(Severity::kWarning, "targets.not_counted",
      {LogField("code", next.status().code())});
  return kPause;
}

absl::StatusOr<UnixMillis> TargetFold::TryFold() {
  FRANK_ASSIGN_OR_RETURN(bool mine, lease_.Acquire());
  if (!mine) return kPause;
  FRANK_RETURN_IF_ERROR(Forget(d_.clock.Now()));
  FRANK_ASSIGN_OR_RETURN(std::vector<StoredTargetEvent> events,
                         storage::ScanTargetEvents(d_.engine, kScan));
  if (events.empty()) return kPause;
  FRANK_RETURN_IF_ERROR(Count(events));
  return events.size() < kScan ? kPause : 0;
}

absl::Status TargetFold::Count(const std::vector<StoredTargetEvent>& events) {
  std::vector<const StoredTargetEvent*> counted;
  FRANK_RETURN_IF_ERROR(storage::RunTransactionAndWait(
      d_.engine, [&](storage::Transaction& transaction) -> absl::Status {
        FRANK_RETURN_IF_ERROR(lease_.Track(transaction));
        counted.clear();
        std::map<storage::TargetDay, storage::v1::TargetDayRecord> days;
        for (const StoredTargetEvent& event : events) {
          FRANK_ASSIGN_OR_RETURN(bool waits,
                                 storage::TakeTargetEvent(transaction, event));
          if (!waits) continue;
          auto [day, fresh] = days.try_emplace(DayOf(event.record));
          if (fresh) {
            FRANK_ASSIGN_OR_RETURN(
                day->second, storage::GetTargetDay(transaction, day->first));
          }
          CountEvent(event.record,
                     d_.targets.For(day->first.queue, day->first.reason),
                     &day->second);
          counted.push_back(&event);
        }
        for (const auto& [day, record] : days) {
          storage::PutTargetDay(transaction, day, record);
        }
        return absl::OkStatus();
      }));
  for (const StoredTargetEvent* event : counted) {
    Observe(event->record, d_.metrics);
  }
  return absl::OkStatus();
}

absl::Status TargetFold::Forget(UnixMillis now) {
  if (now < forgotten_at_ + kForgetInterval) return absl::OkStatus();
  auto end = static_cast<uint32_t>(
      (now - std::min(now, limits::kTargetRetention)) / kDay);
  bool done = false;
  while (!done) {
    FRANK_RETURN_IF_ERROR(storage::RunTransactionAndWait(
        d_.engine, [&](storage::Transaction& transaction) -> absl::Status {
          FRANK_RETURN_IF_ERROR(lease_.Track(transaction));
          FRANK_ASSIGN_OR_RETURN(
              done, storage::ForgetTargetDays(transaction, end, kForget));
          return absl::OkStatus();
        }));
  }
  forgotten_at_ = now;
  return absl::OkStatus();
}

}  // namespace frank::moderation

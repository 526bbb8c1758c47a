#include "services/moderation/target_tally.h"

#include <algorithm>
#include <limits>

namespace frank::moderation {
namespace {

using storage::TargetEvent;
using storage::v1::TargetDayRecord;
using storage::v1::TargetEventRecord;
using storage::v1::TargetTimeRecord;

bool IsInTime(const TargetEventRecord& event, UnixMillis target) {
  if (target == 0) return event.counted_at() <= event.place().deadline();
  return TimeOf(event) <= target;
}

void Resize(TargetTimeRecord* record) {
  while (record->time_size() <= static_cast<int>(kTargetTimes.size())) {
    record->add_time(0);
  }
}

// `by` is 1 or -1. What was never counted, as the event of a store that was
// restored, is not counted back.
uint64_t Moved(uint64_t count, int by) {
  return by < 0 ? count - std::min<uint64_t>(count, 1) : count + 1;
}

void CountTime(const TargetEventRecord& event, UnixMillis target, int by,
               TargetTimeRecord* record) {
  Resize(record);
  auto bound =
      std::lower_bound(kTargetTimes.begin(), kTargetTimes.end(), TimeOf(event));
  int index = static_cast<int>(bound - kTargetTimes.begin());
  record->set_count(Moved(record->count(), by));
  record->set_time(index, Moved(record->time(index), by));
  if (IsInTime(event, target)) {
    record->set_in_time(Moved(record->in_time(), by));
  }
}

void AddInflow(const storage::v1::InflowRecord& inflow,
               storage::v1::InflowRecord* sum) {
  sum->set_opened(sum->opened() + inflow.opened());
  sum->set_reports(sum->reports() + inflow.reports());
  sum->set_unopenable_reports(sum->unopenable_reports() +
                              inflow.unopenable_reports());
  sum->set_proven(sum->proven() + inflow.proven());
  sum->set_forged(sum->forged() + inflow.forged());
  sum->set_unverifiable(sum->unverifiable() + inflow.unverifiable());
  sum->set_appeals(sum->appeals() + inflow.appeals());
}

void AddTime(const TargetTimeRecord& record, TargetTimeRecord* sum) {
  Resize(sum);
  sum->set_count(sum->count() + record.count());
  sum->set_in_time(sum->in_time() + record.in_time());
  for (int i = 0; i < record.time_size(); ++i) {
    sum->set_time(i, sum->time(i) + record.time(i));
  }
}

// The bound that `per_mille` of all do not exceed.
uint64_t Quantile(const TargetTimeRecord& record, uint64_t per_mille) {
  uint64_t total = 0;
  for (uint64_t count : record.time()) total += count;
  if (total == 0) return 0;
  uint64_t seen = 0;
  for (size_t i = 0; i < kTargetTimes.size(); ++i) {
    seen += record.time(static_cast<int>(i));
    if (seen * 1000 >= total * per_mille) return kTargetTimes[i];
  }
  return std::numeric_limits<uint64_t>::max();
}

v1::TimeReached ReachedBy(const TargetTimeRecord& sum, UnixMillis target,
                          uint32_t per_mille) {
  v1::TimeReached reached;
  reached.set_count(sum.count());
  reached.set_in_time(sum.in_time());
  reached.set_median_ms(Quantile(sum, 500));
  reached.set_ninth_decile_ms(Quantile(sum, 900));
  reached.set_target_ms(target);
  reached.set_target_per_mille(per_mille);
  reached.set_reached(sum.in_time() * 1000 >= sum.count() * per_mille);
  return reached;
}

}  // namespace

storage::TargetDay DayOf(const TargetEventRecord& event) {
  return {static_cast<uint32_t>(event.counted_at() / kDay),
          event.place().queue(), event.place().reason()};
}

UnixMillis TimeOf(const TargetEventRecord& event) {
  return event.counted_at() -
         std::min(event.counted_at(), event.place().opened_at());
}

void CountEvent(const TargetEventRecord& event, const Targets::Target& target,
                TargetDayRecord* day) {
  switch (static_cast<TargetEvent>(event.kind())) {
    case TargetEvent::kFirstAction:
      return CountTime(event, target.first_action, 1,
                       day->mutable_first_action());
    case TargetEvent::kDecided:
      return CountTime(event, target.decision, 1, day->mutable_decision());
    case TargetEvent::kUndone:
      return CountTime(event, target.decision, -1, day->mutable_decision());
    case TargetEvent::kReversed:
      return day->set_reversed(day->reversed() + 1);
    case TargetEvent::kOverturned:
      return day->set_overturned(day->overturned() + 1);
    case TargetEvent::kUpheld:
      return day->set_upheld(day->upheld() + 1);
    case TargetEvent::kInflow:
      return AddInflow(event.inflow(), day->mutable_inflow());
  }
}

void AddDay(const TargetDayRecord& day, TargetDayRecord* sum) {
  AddTime(day.first_action(), sum->mutable_first_action());
  AddTime(day.decision(), sum->mutable_decision());
  sum->set_reversed(sum->reversed() + day.reversed());
  sum->set_overturned(sum->overturned() + day.overturned());
  sum->set_upheld(sum->upheld() + day.upheld());
  AddInflow(day.inflow(), sum->mutable_inflow());
}

bool HasReached(const TargetDayRecord& day) {
  return day.has_first_action() || day.has_decision() || day.reversed() > 0 ||
         day.overturned() > 0 || day.upheld() > 0;
}

bool HasInflow(const TargetDayRecord& day) { return day.has_inflow(); }

v1::Inflow InflowOf(const TargetDayRecord& sum) {
  const storage::v1::InflowRecord& counted = sum.inflow();
  v1::Inflow inflow;
  inflow.set_opened_count(counted.opened());
  inflow.set_report_count(counted.reports());
  inflow.set_unopenable_report_count(counted.unopenable_reports());
  inflow.set_proven_count(counted.proven());
  inflow.set_forged_count(counted.forged());
  inflow.set_unverifiable_count(counted.unverifiable());
  inflow.set_appeal_count(counted.appeals());
  return inflow;
}

v1::Reached ReachedBy(const TargetDayRecord& sum,
                      const Targets::Target& target) {
  v1::Reached reached;
  *reached.mutable_first_action() = ReachedBy(
      sum.first_action(), target.first_action, target.in_time_per_mille);
  *reached.mutable_decision() =
      ReachedBy(sum.decision(), target.decision, target.in_time_per_mille);
  v1::AccuracyReached& accuracy = *reached.mutable_accuracy();
  const uint64_t decisions = sum.decision().count();
  const uint64_t fallen =
      std::min(decisions, sum.reversed() + sum.overturned());
  accuracy.set_decision_count(decisions);
  accuracy.set_reversed_count(sum.reversed());
  accuracy.set_overturned_count(sum.overturned());
  accuracy.set_upheld_count(sum.upheld());
  accuracy.set_target_per_mille(target.upheld_per_mille);
  accuracy.set_reached((decisions - fallen) * 1000 >=
                       decisions * target.upheld_per_mille);
  return reached;
}

}  // namespace frank::moderation

// Counts what happened into a day: the pure part of keeping the figures.
#ifndef FRANK_SERVICES_MODERATION_TARGET_TALLY_H_
#define FRANK_SERVICES_MODERATION_TARGET_TALLY_H_

#include <array>
#include <cstdint>

#include "core/clock.h"
#include "frank/storage/v1/target.pb.h"
#include "frank/v1/target.pb.h"
#include "services/moderation/targets.h"
#include "storage/target_store.h"

namespace frank::moderation {

// Times are counted by the first of these that they do not exceed, or as longer
// than all. On disk; never changed.
inline constexpr std::array<UnixMillis, 15> kTargetTimes = {
    1 * kMinute, 5 * kMinute, 15 * kMinute, 30 * kMinute, 1 * kHour,
    2 * kHour,   4 * kHour,   8 * kHour,    12 * kHour,   1 * kDay,
    2 * kDay,    3 * kDay,    7 * kDay,     14 * kDay,    30 * kDay};

// The day that an event counts into.
storage::TargetDay DayOf(const storage::v1::TargetEventRecord& event);
// How long the case had been open.
UnixMillis TimeOf(const storage::v1::TargetEventRecord& event);

// Counts an event, or for one that undoes, back.
void CountEvent(const storage::v1::TargetEventRecord& event,
                const Targets::Target& target,
                storage::v1::TargetDayRecord* day);

// Adds what one day counted to the sum of others.
void AddDay(const storage::v1::TargetDayRecord& day,
            storage::v1::TargetDayRecord* sum);

// Whether a day has something of what was reached, or of what came in.
bool HasReached(const storage::v1::TargetDayRecord& day);
bool HasInflow(const storage::v1::TargetDayRecord& day);

// What the numbers come to: all but period, queue and reason.
v1::Inflow InflowOf(const storage::v1::TargetDayRecord& sum);
v1::Reached ReachedBy(const storage::v1::TargetDayRecord& sum,
                      const Targets::Target& target);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_TARGET_TALLY_H_

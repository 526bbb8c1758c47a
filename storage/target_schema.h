// The keys of what counts towards targets; part of moderation_schema.h, where
// the notation is explained. Prefixes 0xF1 and 0xF2 are this file's.
//
//   0xF1 bucket u64(time) case[16] kind id[16]   TargetEventRecord
//   0xF2 u32(day) text(queue) text(reason)       TargetDayRecord
//
// An event lies under its case, so that those who decide at once do not meet;
// one worker counts events into the days. A day is 24 hours of UTC, numbered
// from 1970 on.
#ifndef FRANK_STORAGE_TARGET_SCHEMA_H_
#define FRANK_STORAGE_TARGET_SCHEMA_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/ids.h"
#include "storage/engine.h"

namespace frank::storage {

// A day of a queue and reason.
struct TargetDay {
  uint32_t day = 0;
  std::string queue;
  std::string reason;

  friend bool operator<(const TargetDay& a, const TargetDay& b) {
    if (a.day != b.day) return a.day < b.day;
    return a.queue != b.queue ? a.queue < b.queue : a.reason < b.reason;
  }
};

namespace schema {

// `id` is the decision's, or the case's own: there is one event of a kind for
// each.
std::string TargetEventKey(UnixMillis time, const CaseId& case_id,
                           uint32_t kind, ByteSpan id);
KeyRange TargetEvents(uint8_t bucket);

std::string TargetDayKey(const TargetDay& day);
// The days from `first` up to, without it, `end`.
KeyRange TargetDays(uint32_t first, uint32_t end);
// kDataLoss on another shape.
absl::StatusOr<TargetDay> ParseTargetDay(absl::string_view key);

}  // namespace schema
}  // namespace frank::storage

#endif  // FRANK_STORAGE_TARGET_SCHEMA_H_

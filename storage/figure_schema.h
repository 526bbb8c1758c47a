// The keys of how much waits in the queues; part of moderation_schema.h, where
// the notation is explained. Prefix 0xF3 is this file's.
//
//   0xF3 'A' text(queue) u64(opened) case[16]   undecided cases, by age
//   0xF3 'C' log bucket                         QueueCountRecord
//   0xF3 'O'                                    QueueFirstRecord
#ifndef FRANK_STORAGE_FIGURE_SCHEMA_H_
#define FRANK_STORAGE_FIGURE_SCHEMA_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "core/ids.h"
#include "storage/engine.h"

namespace frank::storage::schema {

std::string CaseAgeKey(absl::string_view queue, UnixMillis opened_at,
                       const CaseId& id);
// The cases of a queue that were opened at `from` or later.
KeyRange CaseAges(absl::string_view queue, UnixMillis from);
// When the case of such a key was opened. kDataLoss on another shape.
absl::StatusOr<UnixMillis> ParseCaseAge(absl::string_view key);

std::string QueueCountKey(uint8_t bucket);
KeyRange QueueCounts();
std::string QueueFirstKey();

}  // namespace frank::storage::schema

#endif  // FRANK_STORAGE_FIGURE_SCHEMA_H_

// The lane of a muted reporter: their reports wait in it, stored and judged,
// until the mute ends or somebody lets them go.
#ifndef FRANK_SERVICES_MODERATION_REPORT_LANE_H_
#define FRANK_SERVICES_MODERATION_REPORT_LANE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "services/moderation/report_folder.h"
#include "storage/engine.h"

namespace frank::moderation {

struct LanePlace {
  // It waited there before.
  bool is_held = false;
  // It is to wait there: its reporter is muted, and it was not let go.
  bool is_due_in_lane = false;
};
absl::StatusOr<LanePlace> FindLanePlace(storage::Engine& engine,
                                        const storage::schema::DueReport& due,
                                        UnixMillis now);

// Moves a judged report from the queue into the lane until the mute ends, with
// an act the first time. Changes nothing when the mute has ended or the report
// was moved since: it will be found due again.
absl::Status PutIntoLane(storage::Transaction& transaction,
                         const FoldItem& item, UnixMillis now);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_REPORT_LANE_H_

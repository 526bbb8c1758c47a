// The lane of a muted reporter: what they report without a proof waits in it,
// stored and judged, until the mute ends or somebody lets it go. What proves
// something, or says that a life or a child is at risk and is believed, never
// waits: keys are destroyed meanwhile, and harm is done.
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
  // It is to wait there: its reporter is muted, it was not let go, and it may
  // wait.
  bool is_due_in_lane = false;
};
absl::StatusOr<LanePlace> FindLanePlace(storage::Engine& engine,
                                        const FoldItem& item, UnixMillis now);

// Moves a judged report from the queue into the lane until the mute ends, at
// most as long as a mute may last, with an act the first time; while a key may
// come that it lacks, it is judged again in between. Changes nothing when the
// mute has ended or the report was moved since: it will be found due again.
absl::Status PutIntoLane(storage::Transaction& transaction,
                         const FoldItem& item, UnixMillis now);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_REPORT_LANE_H_

// What other routing rules would have done to past cases.
#ifndef FRANK_SERVICES_MODERATION_ROUTING_DRY_RUN_H_
#define FRANK_SERVICES_MODERATION_ROUTING_DRY_RUN_H_

#include "absl/status/statusor.h"
#include "frank/v1/configuration.pb.h"
#include "services/moderation/moderator.h"
#include "services/moderation/routing.h"
#include "storage/engine.h"

namespace frank::moderation {

// Decides by Routing::QueueFor, as for real, with what a case is today, and the
// decisions that had acted on its account when it was opened. Reads untracked
// and writes nothing. Thread-safe.
class RoutingDryRun {
 public:
  // Both outlive it.
  RoutingDryRun(storage::Engine& engine, const Routing& routing)
      : engine_(engine), routing_(routing) {}

  // One page of the cases that the moderator may touch, with examples for who
  // may list cases. The request has been checked but for what takes the queues:
  // kInvalidArgument as Routing::WithRules; on a page token that was not
  // returned.
  absl::StatusOr<v1::DryRunRoutingResponse> Run(
      const Moderator& moderator,
      const v1::DryRunRoutingRequest& request) const;

 private:
  storage::Engine& engine_;
  const Routing& routing_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_ROUTING_DRY_RUN_H_

// What other routing rules would have done to past cases.
#ifndef FRANK_SERVICES_MODERATION_ROUTING_DRY_RUN_H_
#define FRANK_SERVICES_MODERATION_ROUTING_DRY_RUN_H_

#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
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
  // returned. kUnavailable while another one of the moderator's runs here.
  absl::StatusOr<v1::DryRunRoutingResponse> Run(
      const Moderator& moderator, const v1::DryRunRoutingRequest& request)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  absl::StatusOr<v1::DryRunRoutingResponse> Decide(
      const Moderator& moderator,
      const v1::DryRunRoutingRequest& request) const;

  storage::Engine& engine_;
  const Routing& routing_;
  absl::Mutex mutex_;
  // Of moderators, by id.
  std::set<std::string> running_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_ROUTING_DRY_RUN_H_

// What moderation reached and what came in, from the days that were counted.
#ifndef FRANK_SERVICES_MODERATION_TARGET_VIEW_H_
#define FRANK_SERVICES_MODERATION_TARGET_VIEW_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "frank/v1/target.pb.h"
#include "services/moderation/targets.h"
#include "storage/engine.h"

namespace frank::moderation {

// Thread-safe.
class TargetView {
 public:
  // Both outlive the view.
  TargetView(storage::Engine& engine, const Targets& targets)
      : engine_(engine), targets_(targets) {}

  // One page, whole periods. The request has been checked.
  absl::StatusOr<v1::GetReachedResponse> Reached(
      const v1::GetReachedRequest& request) const;
  absl::StatusOr<v1::GetInflowResponse> Inflow(
      const v1::GetInflowRequest& request) const;

 private:
  // Appends what was reached, or came in, on the days from `first` to before
  // `end`; adds to `looked` how many stored rows that took.
  absl::Status AddReached(const v1::GetReachedRequest& request, uint32_t first,
                          uint32_t end, size_t* looked,
                          v1::GetReachedResponse* response) const;
  absl::Status AddInflow(const v1::GetInflowRequest& request, uint32_t first,
                         uint32_t end, size_t* looked,
                         v1::GetInflowResponse* response) const;

  storage::Engine& engine_;
  const Targets& targets_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_TARGET_VIEW_H_

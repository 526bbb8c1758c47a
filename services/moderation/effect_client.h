// How effects reach the platform.
#ifndef FRANK_SERVICES_MODERATION_EFFECT_CLIENT_H_
#define FRANK_SERVICES_MODERATION_EFFECT_CLIENT_H_

#include <memory>

#include "absl/status/status.h"
#include "frank/v1/enforcement.pb.h"

namespace grpc {
class Channel;
}

namespace frank::moderation {

// The platform's EnforcementService. Thread-safe.
class EffectClient {
 public:
  virtual ~EffectClient() = default;
  // Waits for the answer. OK: applied, durably.
  virtual absl::Status Apply(const v1::ApplyRequest& request) = 0;
};

// Over gRPC; a call ends after 20 seconds.
std::unique_ptr<EffectClient> MakeEffectClient(
    const std::shared_ptr<grpc::Channel>& channel);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_EFFECT_CLIENT_H_

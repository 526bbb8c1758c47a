// EnforcementService on the wire.
#ifndef FRANK_SERVICES_PLATFORM_ENFORCEMENT_RPC_H_
#define FRANK_SERVICES_PLATFORM_ENFORCEMENT_RPC_H_

#include "frank/v1/enforcement.grpc.pb.h"
#include "services/platform/enforcement_handler.h"

namespace frank::platform {

class EnforcementRpc final : public v1::EnforcementService::CallbackService {
 public:
  explicit EnforcementRpc(EnforcementHandler& handler) : handler_(handler) {}

  grpc::ServerUnaryReactor* Apply(grpc::CallbackServerContext* context,
                                  const v1::ApplyRequest* request,
                                  v1::ApplyResponse* response) override;

 private:
  EnforcementHandler& handler_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_ENFORCEMENT_RPC_H_

// ReasonService on the wire: the table of report reasons, for those who report.
#ifndef FRANK_SERVICES_PLATFORM_REASON_RPC_H_
#define FRANK_SERVICES_PLATFORM_REASON_RPC_H_

#include "core/taxonomy.h"
#include "frank/v1/reason.grpc.pb.h"
#include "services/common/call.h"
#include "services/platform/authenticator.h"

namespace frank::platform {

// Both outlive the service.
class ReasonRpc final : public v1::ReasonService::CallbackService {
 public:
  ReasonRpc(Authenticator& authenticator, const ReasonTable& reasons)
      : authenticator_(authenticator), reasons_(reasons) {}

  grpc::ServerUnaryReactor* ListReasons(
      grpc::CallbackServerContext* context,
      const v1::ListReasonsRequest* request,
      v1::ListReasonsResponse* response) override;

 private:
  Authenticator& authenticator_;
  const ReasonTable& reasons_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_REASON_RPC_H_

#include "services/platform/reason_rpc.h"

#include "frank/v1/reason.grpc.pb.h"
#include "services/common/reason_file.h"

namespace frank::platform {

using services::Call;
using services::Done;
using services::RpcService;

std::unique_ptr<RpcService> MakeReasonService(Authenticator& authenticator,
                                              const ReasonTable& reasons) {
  auto service =
      std::make_unique<RpcService>(v1::ReasonService::service_full_name());
  service->Unary<v1::ListReasonsRequest, v1::ListReasonsResponse>(
      "ListReasons", [&authenticator, &reasons](
                         const Call& call, const v1::ListReasonsRequest& asked,
                         Done<v1::ListReasonsResponse> done) {
        auto caller = authenticator.Authenticate(call);
        if (!caller.ok()) return done(caller.status());
        done(services::ListReasons(reasons, asked));
      });
  return service;
}

}  // namespace frank::platform

#include "services/moderation/moderator_rpc.h"

#include "frank/v1/moderators.grpc.pb.h"

namespace frank::moderation {

using services::RpcService;

std::unique_ptr<RpcService> MakeModeratorService(ModeratorHandler& handler) {
  auto service =
      std::make_unique<RpcService>(v1::ModeratorService::service_full_name());
  service->Unary("AddModerator", handler, &ModeratorHandler::AddModerator);
  service->Unary("GetModerator", handler, &ModeratorHandler::GetModerator);
  service->Unary("ListModerators", handler, &ModeratorHandler::ListModerators);
  service->Unary("SetModeratorRoles", handler,
                 &ModeratorHandler::SetModeratorRoles);
  service->Unary("LinkAccount", handler, &ModeratorHandler::LinkAccount);
  service->Unary("EnableModerator", handler,
                 &ModeratorHandler::EnableModerator);
  service->Unary("ReplaceModeratorToken", handler,
                 &ModeratorHandler::ReplaceModeratorToken);
  service->Unary("ListModeratorActs", handler,
                 &ModeratorHandler::ListModeratorActs);
  service->Unary("ListExposure", handler, &ModeratorHandler::ListExposure);
  service->Unary("GetSelf", handler, &ModeratorHandler::GetSelf);
  service->Unary("GetExposure", handler, &ModeratorHandler::GetExposure);
  service->Unary("ListColleagues", handler, &ModeratorHandler::ListColleagues);
  service->Unary("SetOptOuts", handler, &ModeratorHandler::SetOptOuts);
  service->Unary("ReplaceOwnToken", handler,
                 &ModeratorHandler::ReplaceOwnToken);
  return service;
}

}  // namespace frank::moderation

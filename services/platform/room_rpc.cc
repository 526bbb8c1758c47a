#include "services/platform/room_rpc.h"

#include "frank/v1/room.grpc.pb.h"

namespace frank::platform {

using services::RpcService;

std::unique_ptr<RpcService> MakeRoomService(RoomHandler& handler) {
  auto service =
      std::make_unique<RpcService>(v1::RoomService::service_full_name());
  service->Unary("CreateRoom", handler, &RoomHandler::Create);
  service->Unary("UpdateMembers", handler, &RoomHandler::Update);
  service->Unary("GetRoom", handler, &RoomHandler::Get);
  service->Unary("ListRooms", handler, &RoomHandler::List);
  return service;
}

}  // namespace frank::platform

#include "services/platform/room_rpc.h"

#include <utility>

namespace frank::platform {

using services::ServeUnary;

grpc::ServerUnaryReactor* RoomRpc::CreateRoom(
    grpc::CallbackServerContext* context, const v1::CreateRoomRequest* request,
    v1::CreateRoomResponse* response) {
  return ServeUnary(context, request, response, [this](auto&&... args) {
    handler_.Create(std::forward<decltype(args)>(args)...);
  });
}

grpc::ServerUnaryReactor* RoomRpc::UpdateMembers(
    grpc::CallbackServerContext* context,
    const v1::UpdateMembersRequest* request,
    v1::UpdateMembersResponse* response) {
  return ServeUnary(context, request, response, [this](auto&&... args) {
    handler_.Update(std::forward<decltype(args)>(args)...);
  });
}

grpc::ServerUnaryReactor* RoomRpc::GetRoom(grpc::CallbackServerContext* context,
                                           const v1::GetRoomRequest* request,
                                           v1::GetRoomResponse* response) {
  return ServeUnary(context, request, response, [this](auto&&... args) {
    handler_.Get(std::forward<decltype(args)>(args)...);
  });
}

grpc::ServerUnaryReactor* RoomRpc::ListRooms(
    grpc::CallbackServerContext* context, const v1::ListRoomsRequest* request,
    v1::ListRoomsResponse* response) {
  return ServeUnary(context, request, response, [this](auto&&... args) {
    handler_.List(std::forward<decltype(args)>(args)...);
  });
}

}  // namespace frank::platform

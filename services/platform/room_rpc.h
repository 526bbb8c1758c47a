// RoomService over gRPC.
#ifndef FRANK_SERVICES_PLATFORM_ROOM_RPC_H_
#define FRANK_SERVICES_PLATFORM_ROOM_RPC_H_

#include "frank/v1/room.grpc.pb.h"
#include "services/platform/room_handler.h"

namespace frank::platform {

class RoomRpc final : public v1::RoomService::CallbackService {
 public:
  // The handler outlives the service.
  explicit RoomRpc(RoomHandler& handler) : handler_(handler) {}

  grpc::ServerUnaryReactor* CreateRoom(
      grpc::CallbackServerContext* context,
      const v1::CreateRoomRequest* request,
      v1::CreateRoomResponse* response) override;
  grpc::ServerUnaryReactor* UpdateMembers(
      grpc::CallbackServerContext* context,
      const v1::UpdateMembersRequest* request,
      v1::UpdateMembersResponse* response) override;
  grpc::ServerUnaryReactor* GetRoom(grpc::CallbackServerContext* context,
                                    const v1::GetRoomRequest* request,
                                    v1::GetRoomResponse* response) override;
  grpc::ServerUnaryReactor* ListRooms(grpc::CallbackServerContext* context,
                                      const v1::ListRoomsRequest* request,
                                      v1::ListRoomsResponse* response) override;

 private:
  RoomHandler& handler_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_ROOM_RPC_H_

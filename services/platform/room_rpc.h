// RoomService over gRPC.
#ifndef FRANK_SERVICES_PLATFORM_ROOM_RPC_H_
#define FRANK_SERVICES_PLATFORM_ROOM_RPC_H_

#include <memory>

#include "services/common/rpc_service.h"
#include "services/platform/room_handler.h"

namespace frank::platform {

// The handler outlives the service.
std::unique_ptr<services::RpcService> MakeRoomService(RoomHandler& handler);

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_ROOM_RPC_H_

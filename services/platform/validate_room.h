// Checks of RoomService's requests that need no store. kInvalidArgument names
// the field and the rule.
#ifndef FRANK_SERVICES_PLATFORM_VALIDATE_ROOM_H_
#define FRANK_SERVICES_PLATFORM_VALIDATE_ROOM_H_

#include "absl/status/status.h"
#include "frank/v1/room.pb.h"

namespace frank::platform {

absl::Status Validate(const v1::CreateRoomRequest& request);
absl::Status Validate(const v1::UpdateMembersRequest& request);
absl::Status Validate(const v1::GetRoomRequest& request);
absl::Status Validate(const v1::ListRoomsRequest& request);

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_VALIDATE_ROOM_H_

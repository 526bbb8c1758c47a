// RoomService: rooms and their members.
#ifndef FRANK_SERVICES_PLATFORM_ROOM_HANDLER_H_
#define FRANK_SERVICES_PLATFORM_ROOM_HANDLER_H_

#include <string>

#include "core/clock.h"
#include "frank/v1/room.pb.h"
#include "services/common/call.h"
#include "services/platform/authenticator.h"
#include "storage/engine.h"

namespace frank::platform {

// Returns the URI of a room: authority || "/r/" || the first 16 bytes, in hex,
// of SHA-256("frank/1 room" || vec(creator_uri) || request_id).
std::string RoomUri(absl::string_view authority, absl::string_view creator_uri,
                    ByteSpan request_id);

// Thread-safe; answers on threads of the engine. What the dependencies point to
// outlives it and every call.
//
// A room that does not exist and one that the caller is not in are answered
// alike: kPermissionDenied, NOT_A_MEMBER.
class RoomHandler {
 public:
  struct Dependencies {
    storage::Engine& engine;
    const Clock& clock;
    Authenticator& authenticator;
    // The platform's own, "scheme://host".
    std::string authority;
  };
  explicit RoomHandler(Dependencies dependencies)
      : d_(std::move(dependencies)) {}

  void Create(const services::Call& call, const v1::CreateRoomRequest& request,
              services::Done<v1::CreateRoomResponse> done);
  void Update(const services::Call& call,
              const v1::UpdateMembersRequest& request,
              services::Done<v1::UpdateMembersResponse> done);
  void Get(const services::Call& call, const v1::GetRoomRequest& request,
           services::Done<v1::GetRoomResponse> done);
  void List(const services::Call& call, const v1::ListRoomsRequest& request,
            services::Done<v1::ListRoomsResponse> done);

 private:
  Dependencies d_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_ROOM_HANDLER_H_

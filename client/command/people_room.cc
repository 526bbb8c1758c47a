// room: create, list, show, add, remove.
#include "absl/strings/str_cat.h"
#include "client/command/people.h"
#include "client/command/people_view.h"
#include "client/command/text.h"
#include "core/status.h"

namespace frank::client {
namespace {

constexpr uint32_t kPageSize = 200;

void PrintRoom(const v1::Room& room, Output& out) {
  std::vector<std::string> members(room.member_uri().begin(),
                                   room.member_uri().end());
  std::string text =
      absl::StrCat(Printable(room.room_uri()), "  ", RoomKindName(room.kind()));
  for (const std::string& member : members) {
    absl::StrAppend(&text, "\n  ", Printable(member));
  }
  out.Print(JsonObject()
                .Text("room", room.room_uri())
                .Text("kind", RoomKindName(room.kind()))
                .Number("membership_version", room.membership_version())
                .Text("creator", room.creator_uri())
                .Texts("members", members),
            text);
}

absl::Status Change(const Invocation& in, bool add) {
  FRANK_RETURN_IF_ERROR(
      in.args.RequirePositionals(2, 1001, "a room and accounts"));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  v1::UpdateMembersRequest request;
  request.set_request_id(ToString(RequestId::Random(in.random).bytes()));
  request.set_room_uri(in.args.positionals()[0]);
  for (size_t i = 1; i < in.args.positionals().size(); ++i) {
    (add ? request.add_add_uri() : request.add_remove_uri())
        ->assign(in.args.positionals()[i]);
  }
  FRANK_ASSIGN_OR_RETURN(v1::UpdateMembersResponse response,
                         device->transport().UpdateMembers(request));
  PrintRoom(response.room(), in.out);
  return absl::OkStatus();
}

}  // namespace

absl::Status RunRoomCreate(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 999, "accounts"));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  v1::CreateRoomRequest request;
  request.set_request_id(ToString(RequestId::Random(in.random).bytes()));
  request.set_kind(in.args.Has("group") ? v1::ROOM_KIND_GROUP
                                        : v1::ROOM_KIND_DIRECT);
  for (const std::string& uri : in.args.positionals()) {
    request.add_member_uri(uri);
  }
  FRANK_ASSIGN_OR_RETURN(v1::CreateRoomResponse response,
                         device->transport().CreateRoom(request));
  PrintRoom(response.room(), in.out);
  return absl::OkStatus();
}

absl::Status RunRoomList(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  v1::ListRoomsRequest request;
  request.set_page_size(kPageSize);
  size_t pages = 0;
  do {
    FRANK_RETURN_IF_ERROR(FollowPage(&pages));
    FRANK_ASSIGN_OR_RETURN(v1::ListRoomsResponse page,
                           device->transport().ListRooms(request));
    for (const v1::Room& room : page.room()) PrintRoom(room, in.out);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

absl::Status RunRoomShow(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(1, 1, "a room"));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  v1::GetRoomRequest request;
  request.set_room_uri(in.args.positionals()[0]);
  FRANK_ASSIGN_OR_RETURN(v1::GetRoomResponse response,
                         device->transport().GetRoom(request));
  PrintRoom(response.room(), in.out);
  return absl::OkStatus();
}

absl::Status RunRoomAdd(const Invocation& in) { return Change(in, true); }
absl::Status RunRoomRemove(const Invocation& in) { return Change(in, false); }

}  // namespace frank::client

#include "services/platform/validate_room.h"

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "core/ids.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"

namespace frank::platform {
namespace {

using Uris = google::protobuf::RepeatedPtrField<std::string>;
using Seen = absl::flat_hash_set<absl::string_view>;

absl::Status CheckUris(absl::string_view field, const Uris& uris, Seen& seen) {
  for (int i = 0; i < uris.size(); ++i) {
    std::string at = absl::StrCat(field, "[", i, "]");
    FRANK_RETURN_IF_ERROR(CheckUri(at, uris[i]));
    if (!seen.insert(uris[i]).second) {
      return FieldError(at, "must not name an account twice");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckCount(const v1::CreateRoomRequest& request) {
  int members = request.member_uri_size();
  switch (request.kind()) {
    case v1::ROOM_KIND_DIRECT:
      if (members == 1) return absl::OkStatus();
      return FieldError("member_uri", "must be exactly one for a direct room");
    case v1::ROOM_KIND_GROUP:
      if (members < static_cast<int>(limits::kMaxRoomMembers)) {
        return absl::OkStatus();
      }
      return FieldError(
          "member_uri",
          absl::StrCat("must be at most ", limits::kMaxRoomMembers - 1));
    default:
      return FieldError("kind", "must be DIRECT or GROUP");
  }
}

}  // namespace

absl::Status Validate(const v1::CreateRoomRequest& request) {
  FRANK_RETURN_IF_ERROR(
      RequestId::Parse("request_id", request.request_id()).status());
  FRANK_RETURN_IF_ERROR(CheckCount(request));
  Seen seen;
  return CheckUris("member_uri", request.member_uri(), seen);
}

absl::Status Validate(const v1::UpdateMembersRequest& request) {
  FRANK_RETURN_IF_ERROR(
      RequestId::Parse("request_id", request.request_id()).status());
  FRANK_RETURN_IF_ERROR(CheckUri("room_uri", request.room_uri()));
  int changes = request.add_uri_size() + request.remove_uri_size();
  if (changes < 1 || changes > static_cast<int>(limits::kMaxMembershipChange)) {
    return FieldError(
        "add_uri", absl::StrCat("must be 1 to ", limits::kMaxMembershipChange,
                                " together with remove_uri"));
  }
  Seen seen;
  FRANK_RETURN_IF_ERROR(CheckUris("add_uri", request.add_uri(), seen));
  return CheckUris("remove_uri", request.remove_uri(), seen);
}

absl::Status Validate(const v1::GetRoomRequest& request) {
  return CheckUri("room_uri", request.room_uri());
}

absl::Status Validate(const v1::ListRoomsRequest& request) {
  if (request.page_size() > limits::kMaxPageSize) {
    return FieldError("page_size",
                      absl::StrCat("must be at most ", limits::kMaxPageSize));
  }
  if (request.page_token().empty()) return absl::OkStatus();
  if (!CheckUri("page_token", request.page_token()).ok() ||
      AuthorityOf(request.page_token()).empty()) {
    return FieldError("page_token", "must be a next_page_token");
  }
  return absl::OkStatus();
}

}  // namespace frank::platform

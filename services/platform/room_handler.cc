#include "services/platform/room_handler.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/encoding.h"
#include "crypto/hash.h"
#include "services/platform/admission.h"
#include "services/platform/transact.h"
#include "services/platform/validate_room.h"
#include "storage/account_store.h"
#include "storage/idempotency_store.h"
#include "storage/rate_store.h"
#include "storage/room_store.h"

namespace frank::platform {
namespace {

using storage::IdempotentMethod;
using storage::Transaction;
using RoomRecord = storage::v1::RoomRecord;

constexpr size_t kRoomNameBytes = 16;

absl::Status NotAMember() {
  return WithReason(
      absl::PermissionDeniedError("not a member, or there is no such room"),
      "NOT_A_MEMBER");
}

absl::Status NotPermitted(absl::string_view why) {
  return WithReason(absl::PermissionDeniedError(why), "NOT_PERMITTED");
}

v1::Room ToProto(absl::string_view room_uri, const RoomRecord& record) {
  v1::Room room;
  room.set_room_uri(ToString(AsBytes(room_uri)));
  room.set_kind(static_cast<v1::RoomKind>(record.kind()));
  room.set_membership_version(record.membership_version());
  *room.mutable_member_uri() = record.member_uri();
  room.set_creator_uri(record.creator_uri());
  room.set_created_at(record.created_at());
  return room;
}

absl::Status CheckAccountsExist(
    Transaction& transaction, absl::string_view field,
    const google::protobuf::RepeatedPtrField<std::string>& uris) {
  for (int i = 0; i < uris.size(); ++i) {
    FRANK_ASSIGN_OR_RETURN(auto account,
                           storage::FindAccount(transaction, uris[i]));
    if (!account) {
      return WithReason(FieldError(absl::StrCat(field, "[", i, "]"),
                                   "must be an account of this platform"),
                        "NOT_FOUND");
    }
  }
  return absl::OkStatus();
}

// Counts a change of a room that begins or ends `stays` stays.
absl::Status CountChange(Transaction& transaction, const std::string& caller,
                         UnixMillis now, size_t stays) {
  FRANK_RETURN_IF_ERROR(
      storage::CountInHour(transaction, storage::RateKind::kRoomChanges, caller,
                           now, limits::kMaxRoomChangesAnHour));
  return storage::CountInHour(transaction,
                              storage::RateKind::kMembershipChanges, caller,
                              now, limits::kMaxMembershipChangesAnHour, stays);
}

// One creation; run again for each attempt of its transaction.
class Creation {
 public:
  Creation(const RoomHandler::Dependencies& dependencies,
           const v1::CreateRoomRequest& request, Device caller)
      : d_(dependencies),
        request_(request),
        caller_(std::move(caller)),
        room_uri_(RoomUri(d_.authority, caller_.account_uri,
                          AsBytes(request.request_id()))) {}

  absl::Status operator()(Transaction& transaction,
                          v1::CreateRoomResponse& response) {
    UnixMillis now = d_.clock.Now();
    std::string key = storage::schema::IdempotencyKey(
        caller_.account_uri, DeviceId(), IdempotentMethod::kCreateRoom,
        AsBytes(request_.request_id()));
    crypto::Sha256Digest fingerprint = Fingerprint();
    FRANK_ASSIGN_OR_RETURN(auto answer,
                           storage::FindAnswer(transaction, key, fingerprint));
    FRANK_ASSIGN_OR_RETURN(auto room,
                           storage::FindRoom(transaction, room_uri_));
    if (!room) {
      FRANK_RETURN_IF_ERROR(
          RefuseSuspended(transaction, caller_.account_uri, now));
      FRANK_RETURN_IF_ERROR(
          CheckAccountsExist(transaction, "member_uri", request_.member_uri()));
      room = NewRoom(now);
      FRANK_RETURN_IF_ERROR(CountChange(transaction, caller_.account_uri, now,
                                        room->member_uri_size()));
      Store(transaction, *room, now);
      storage::v1::IdempotencyRecord record;
      record.set_fingerprint(ToString(fingerprint));
      storage::PutAnswer(transaction, key, now, record);
    } else if (!storage::IsMember(*room, caller_.account_uri)) {
      return NotAMember();
    }
    *response.mutable_room() = ToProto(room_uri_, *room);
    return absl::OkStatus();
  }

 private:
  crypto::Sha256Digest Fingerprint() const {
    crypto::Encoder encoder;
    encoder.U32(static_cast<uint32_t>(request_.kind()));
    for (const std::string& uri : request_.member_uri()) encoder.Vec(uri);
    return crypto::Sha256({encoder.bytes()});
  }

  RoomRecord NewRoom(UnixMillis now) const {
    RoomRecord room;
    room.set_kind(static_cast<uint32_t>(request_.kind()));
    room.set_membership_version(1);
    *room.mutable_member_uri() = request_.member_uri();
    *room.add_member_uri() = caller_.account_uri;
    std::sort(room.mutable_member_uri()->begin(),
              room.mutable_member_uri()->end());
    room.set_creator_uri(caller_.account_uri);
    room.set_created_at(now);
    return room;
  }

  void Store(Transaction& transaction, const RoomRecord& room,
             UnixMillis now) const {
    storage::PutRoom(transaction, room_uri_, room);
    for (const std::string& uri : room.member_uri()) {
      storage::JoinRoom(transaction, room_uri_, uri, 1, now);
    }
  }

  const RoomHandler::Dependencies& d_;
  const v1::CreateRoomRequest& request_;
  const Device caller_;
  const std::string room_uri_;
};

// One change of members.
class MemberUpdate {
 public:
  MemberUpdate(const RoomHandler::Dependencies& dependencies,
               const v1::UpdateMembersRequest& request, Device caller)
      : d_(dependencies), request_(request), caller_(std::move(caller)) {}

  absl::Status operator()(Transaction& transaction,
                          v1::UpdateMembersResponse& response) {
    std::string key = storage::schema::IdempotencyKey(
        caller_.account_uri, DeviceId(), IdempotentMethod::kUpdateMembers,
        AsBytes(request_.request_id()));
    crypto::Sha256Digest fingerprint = Fingerprint();
    FRANK_ASSIGN_OR_RETURN(auto answer,
                           storage::FindAnswer(transaction, key, fingerprint));
    FRANK_ASSIGN_OR_RETURN(auto room,
                           storage::FindRoom(transaction, request_.room_uri()));
    if (answer) return AnswerAgain(room, response);
    FRANK_RETURN_IF_ERROR(CheckAllowed(transaction, room));
    FRANK_RETURN_IF_ERROR(Change(transaction, *room));
    storage::v1::IdempotencyRecord record;
    record.set_fingerprint(ToString(fingerprint));
    storage::PutAnswer(transaction, key, d_.clock.Now(), record);
    *response.mutable_room() = ToProto(request_.room_uri(), *room);
    return absl::OkStatus();
  }

 private:
  crypto::Sha256Digest Fingerprint() const {
    crypto::Encoder encoder;
    encoder.Vec(request_.room_uri());
    encoder.U32(static_cast<uint32_t>(request_.add_uri_size()));
    for (const std::string& uri : request_.add_uri()) encoder.Vec(uri);
    for (const std::string& uri : request_.remove_uri()) encoder.Vec(uri);
    return crypto::Sha256({encoder.bytes()});
  }

  // With the room as it is now: to keep each answer as it was would cost half a
  // megabyte a change. Who has left since does not see who is there.
  absl::Status AnswerAgain(const absl::optional<RoomRecord>& room,
                           v1::UpdateMembersResponse& response) const {
    if (!room) return NotAMember();
    *response.mutable_room() = ToProto(request_.room_uri(), *room);
    if (!storage::IsMember(*room, caller_.account_uri)) {
      response.mutable_room()->clear_member_uri();
    }
    return absl::OkStatus();
  }

  bool OnlyLeaves() const {
    return request_.add_uri().empty() && request_.remove_uri_size() == 1 &&
           request_.remove_uri(0) == caller_.account_uri;
  }

  // Leaving is open to all, the suspended included.
  absl::Status CheckAllowed(Transaction& transaction,
                            const absl::optional<RoomRecord>& room) const {
    if (!room || !storage::IsMember(*room, caller_.account_uri)) {
      return NotAMember();
    }
    if (OnlyLeaves()) return absl::OkStatus();
    FRANK_RETURN_IF_ERROR(
        RefuseSuspended(transaction, caller_.account_uri, d_.clock.Now()));
    if (room->kind() == v1::ROOM_KIND_DIRECT) {
      return NotPermitted("a direct room changes but by leaving");
    }
    if (room->creator_uri() != caller_.account_uri) {
      return NotPermitted("only the creator changes other members");
    }
    return CheckAccountsExist(transaction, "add_uri", request_.add_uri());
  }

  absl::Status Change(Transaction& transaction, RoomRecord& room) const {
    // Not before the newest message: its time may be ahead of this clock, and
    // who joins now was not there when it was sent.
    FRANK_ASSIGN_OR_RETURN(
        auto head, storage::GetRoomHead(transaction, request_.room_uri()));
    UnixMillis now =
        std::max<UnixMillis>(d_.clock.Now(), head.last_accepted_timestamp());
    uint64_t version = room.membership_version() + 1;
    std::vector<std::string> members = Remaining(room);
    size_t changes = room.member_uri_size() - members.size();
    for (const std::string& uri : request_.remove_uri()) {
      if (!storage::IsMember(room, uri)) continue;
      FRANK_RETURN_IF_ERROR(
          storage::LeaveRoom(transaction, request_.room_uri(), uri, now));
    }
    for (const std::string& uri : request_.add_uri()) {
      if (storage::IsMember(room, uri)) continue;
      members.push_back(uri);
      ++changes;
      storage::JoinRoom(transaction, request_.room_uri(), uri, version, now);
    }
    if (members.size() > limits::kMaxRoomMembers) {
      return FieldError("add_uri",
                        absl::StrCat("must leave the room at most ",
                                     limits::kMaxRoomMembers, " members"));
    }
    if (!OnlyLeaves()) {
      FRANK_RETURN_IF_ERROR(CountChange(transaction, caller_.account_uri,
                                        d_.clock.Now(), changes));
    }
    if (changes == 0) return absl::OkStatus();
    std::sort(members.begin(), members.end());
    room.set_membership_version(version);
    room.mutable_member_uri()->Assign(members.begin(), members.end());
    storage::PutRoom(transaction, request_.room_uri(), room);
    return absl::OkStatus();
  }

  std::vector<std::string> Remaining(const RoomRecord& room) const {
    absl::flat_hash_set<absl::string_view> removed(
        request_.remove_uri().begin(), request_.remove_uri().end());
    std::vector<std::string> members;
    for (const std::string& uri : room.member_uri()) {
      if (!removed.contains(uri)) members.push_back(uri);
    }
    return members;
  }

  const RoomHandler::Dependencies& d_;
  const v1::UpdateMembersRequest& request_;
  const Device caller_;
};

}  // namespace

std::string RoomUri(absl::string_view authority, absl::string_view creator_uri,
                    ByteSpan request_id) {
  crypto::Encoder encoder;
  encoder.Label("frank/1 room").Vec(creator_uri).Raw(request_id);
  crypto::Sha256Digest digest = crypto::Sha256({encoder.bytes()});
  return absl::StrCat(authority, "/r/",
                      ToHex(ByteSpan(digest).first(kRoomNameBytes)));
}

void RoomHandler::Create(const services::Call& call,
                         const v1::CreateRoomRequest& request,
                         services::Done<v1::CreateRoomResponse> done) {
  FRANK_ANSWER_IF_ERROR(done, Validate(request));
  absl::StatusOr<Device> caller = d_.authenticator.AuthenticateDevice(call);
  FRANK_ANSWER_IF_ERROR(done, caller.status());
  for (int i = 0; i < request.member_uri_size(); ++i) {
    if (request.member_uri(i) != caller->account_uri) continue;
    return done(FieldError(absl::StrCat("member_uri[", i, "]"),
                           "must not be the caller"));
  }
  Transact<v1::CreateRoomResponse>(
      d_.engine, Creation(d_, request, *std::move(caller)), std::move(done));
}

void RoomHandler::Update(const services::Call& call,
                         const v1::UpdateMembersRequest& request,
                         services::Done<v1::UpdateMembersResponse> done) {
  FRANK_ANSWER_IF_ERROR(done, Validate(request));
  absl::StatusOr<Device> caller = d_.authenticator.AuthenticateDevice(call);
  FRANK_ANSWER_IF_ERROR(done, caller.status());
  Transact<v1::UpdateMembersResponse>(
      d_.engine, MemberUpdate(d_, request, *std::move(caller)),
      std::move(done));
}

void RoomHandler::Get(const services::Call& call,
                      const v1::GetRoomRequest& request,
                      services::Done<v1::GetRoomResponse> done) {
  FRANK_ANSWER_IF_ERROR(done, Validate(request));
  absl::StatusOr<Device> caller = d_.authenticator.AuthenticateDevice(call);
  FRANK_ANSWER_IF_ERROR(done, caller.status());
  absl::StatusOr<absl::optional<RoomRecord>> room =
      storage::FindRoom(d_.engine, request.room_uri());
  FRANK_ANSWER_IF_ERROR(done, room.status());
  if (!*room || !storage::IsMember(**room, caller->account_uri)) {
    return done(NotAMember());
  }
  v1::GetRoomResponse response;
  *response.mutable_room() = ToProto(request.room_uri(), **room);
  done(std::move(response));
}

void RoomHandler::List(const services::Call& call,
                       const v1::ListRoomsRequest& request,
                       services::Done<v1::ListRoomsResponse> done) {
  FRANK_ANSWER_IF_ERROR(done, Validate(request));
  absl::StatusOr<Device> caller = d_.authenticator.AuthenticateDevice(call);
  FRANK_ANSWER_IF_ERROR(done, caller.status());
  size_t size =
      request.page_size() == 0 ? limits::kDefaultPageSize : request.page_size();
  auto uris = storage::ListRoomsOf(d_.engine, caller->account_uri,
                                   request.page_token(), size);
  FRANK_ANSWER_IF_ERROR(done, uris.status());
  v1::ListRoomsResponse response;
  size_t bytes = 0;
  size_t taken = 0;
  while (taken < uris->size() && bytes < limits::kMaxRoomsPageBytes) {
    const std::string& uri = (*uris)[taken++];
    absl::StatusOr<absl::optional<RoomRecord>> room =
        storage::FindRoom(d_.engine, uri);
    FRANK_ANSWER_IF_ERROR(done, room.status());
    // Left between the two reads.
    if (!*room || !storage::IsMember(**room, caller->account_uri)) continue;
    v1::Room& listed = *response.add_room();
    listed = ToProto(uri, **room);
    bytes += listed.ByteSizeLong();
  }
  bool more = taken < uris->size() || uris->size() == size;
  if (more) response.set_next_page_token((*uris)[taken - 1]);
  done(std::move(response));
}

}  // namespace frank::platform

#include "storage/room_store.h"

#include <algorithm>

#include "core/bytes.h"
#include "core/limits.h"
#include "core/status.h"
#include "storage/expiry_store.h"
#include "storage/record_table.h"
#include "storage/schema.h"

namespace frank::storage {
namespace {

constexpr size_t kStaysPage = 256;

}  // namespace

absl::StatusOr<absl::optional<v1::RoomRecord>> FindRoom(
    Transaction& transaction, absl::string_view room_uri) {
  return FindRecord<v1::RoomRecord>(transaction, schema::RoomKey(room_uri));
}

absl::StatusOr<absl::optional<v1::RoomRecord>> FindRoom(
    Engine& engine, absl::string_view room_uri) {
  return FindRecord<v1::RoomRecord>(engine, schema::RoomKey(room_uri));
}

void PutRoom(Transaction& transaction, absl::string_view room_uri,
             const v1::RoomRecord& room) {
  transaction.Put(schema::RoomKey(room_uri), EncodeRecord(room));
}

bool IsMember(const v1::RoomRecord& room, absl::string_view account_uri) {
  return std::binary_search(
      room.member_uri().begin(), room.member_uri().end(), account_uri,
      [](absl::string_view a, absl::string_view b) { return a < b; });
}

absl::StatusOr<v1::RoomHeadRecord> GetRoomHead(Transaction& transaction,
                                               absl::string_view room_uri) {
  return GetRecordOrEmpty<v1::RoomHeadRecord>(transaction,
                                              schema::RoomHeadKey(room_uri));
}

void PutRoomHead(Transaction& transaction, absl::string_view room_uri,
                 const v1::RoomHeadRecord& head) {
  transaction.Put(schema::RoomHeadKey(room_uri), EncodeRecord(head));
}

void JoinRoom(Transaction& transaction, absl::string_view room_uri,
              absl::string_view account_uri, uint64_t membership_version,
              UnixMillis now) {
  v1::MembershipRecord stay;
  stay.set_from(now);
  transaction.Put(
      schema::MembershipKey(room_uri, account_uri, membership_version),
      EncodeRecord(stay));
  v1::PositionRecord joined;
  joined.set_number(membership_version);
  transaction.Put(schema::AccountRoomKey(account_uri, room_uri),
                  EncodeRecord(joined));
}

absl::Status LeaveRoom(Transaction& transaction, absl::string_view room_uri,
                       absl::string_view account_uri, UnixMillis now) {
  std::string joined_key = schema::AccountRoomKey(account_uri, room_uri);
  FRANK_ASSIGN_OR_RETURN(
      auto joined, FindRecord<v1::PositionRecord>(transaction, joined_key));
  if (!joined) return absl::DataLossError("a member without a stay");
  std::string key =
      schema::MembershipKey(room_uri, account_uri, joined->number());
  FRANK_ASSIGN_OR_RETURN(
      auto stay, GetRecordOrEmpty<v1::MembershipRecord>(transaction, key));
  stay.set_to(now);
  transaction.Put(key, EncodeRecord(stay));
  ExpireAt(transaction, now + limits::kReplayMemory, key);
  transaction.Delete(joined_key);
  return absl::OkStatus();
}

absl::StatusOr<bool> StaysOfAccount::Include(const std::string& room_uri,
                                             UnixMillis time) {
  auto known = rooms_.find(room_uri);
  if (known == rooms_.end()) {
    FRANK_ASSIGN_OR_RETURN(std::vector<Stay> stays, Read(room_uri));
    known = rooms_.emplace(room_uri, std::move(stays)).first;
  }
  for (const Stay& stay : known->second) {
    if (stay.from <= time && (stay.to == 0 || time <= stay.to)) return true;
  }
  return false;
}

absl::StatusOr<std::vector<StaysOfAccount::Stay>> StaysOfAccount::Read(
    const std::string& room_uri) const {
  std::vector<Stay> stays;
  KeyRange range = schema::Memberships(room_uri, account_uri_);
  for (;;) {
    FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> rows,
                           engine_.Scan(range, kStaysPage));
    for (const KeyValue& row : rows) {
      FRANK_ASSIGN_OR_RETURN(auto stay,
                             DecodeRecord<v1::MembershipRecord>(row.value));
      stays.push_back({stay.from(), stay.to()});
    }
    if (rows.size() < kStaysPage) return stays;
    range.begin = rows.back().key + '\0';
  }
}

absl::StatusOr<std::vector<std::string>> ListRoomsOf(
    Engine& engine, absl::string_view account_uri, absl::string_view after,
    size_t limit) {
  KeyRange range = schema::AccountRooms(account_uri);
  if (!after.empty()) {
    range.begin = schema::AccountRoomKey(account_uri, after) + '\0';
  }
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> rows, engine.Scan(range, limit));
  std::vector<std::string> rooms;
  rooms.reserve(rows.size());
  for (const KeyValue& row : rows) {
    FRANK_ASSIGN_OR_RETURN(std::string room, schema::ParseAccountRoom(row.key));
    rooms.push_back(std::move(room));
  }
  return rooms;
}

}  // namespace frank::storage

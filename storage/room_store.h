// Rooms and who was in them when. Reads are tracked when they go through a
// transaction and untracked through the engine; each may return kDataLoss on a
// damaged record and the engine's own errors.
#ifndef FRANK_STORAGE_ROOM_STORE_H_
#define FRANK_STORAGE_ROOM_STORE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "frank/storage/v1/platform.pb.h"
#include "storage/engine.h"

namespace frank::storage {

absl::StatusOr<absl::optional<v1::RoomRecord>> FindRoom(
    Transaction& transaction, absl::string_view room_uri);
absl::StatusOr<absl::optional<v1::RoomRecord>> FindRoom(
    Engine& engine, absl::string_view room_uri);
void PutRoom(Transaction& transaction, absl::string_view room_uri,
             const v1::RoomRecord& room);

bool IsMember(const v1::RoomRecord& room, absl::string_view account_uri);

// An empty head before the first message.
absl::StatusOr<v1::RoomHeadRecord> GetRoomHead(Transaction& transaction,
                                               absl::string_view room_uri);
void PutRoomHead(Transaction& transaction, absl::string_view room_uri,
                 const v1::RoomHeadRecord& head);

// Begins and ends an account's stay; the room's record is the caller's part.
// A stay that ended is kept limits::kReplayMemory, as long as a report about
// its messages may come.
void JoinRoom(Transaction& transaction, absl::string_view room_uri,
              absl::string_view account_uri, uint64_t membership_version,
              UnixMillis now);
absl::Status LeaveRoom(Transaction& transaction, absl::string_view room_uri,
                       absl::string_view account_uri, UnixMillis now);

// Says whether the account was a member at `time`.
absl::StatusOr<bool> WasMember(Transaction& transaction,
                               absl::string_view room_uri,
                               absl::string_view account_uri, UnixMillis time);
absl::StatusOr<bool> WasMember(Engine& engine, absl::string_view room_uri,
                               absl::string_view account_uri, UnixMillis time);

// Returns up to `limit` rooms of an account that follow `after` in byte order.
absl::StatusOr<std::vector<std::string>> ListRoomsOf(
    Engine& engine, absl::string_view account_uri, absl::string_view after,
    size_t limit);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_ROOM_STORE_H_

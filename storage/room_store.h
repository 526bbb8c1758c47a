// Rooms and who was in them when. Reads are tracked when they go through a
// transaction and untracked through the engine; each may return kDataLoss on a
// damaged record and the engine's own errors.
#ifndef FRANK_STORAGE_ROOM_STORE_H_
#define FRANK_STORAGE_ROOM_STORE_H_

#include <map>
#include <string>
#include <utility>
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

// When an account was in which rooms, each room read once and a page at a time.
// Untracked. Not thread-safe; the engine outlives it.
class StaysOfAccount {
 public:
  StaysOfAccount(Engine& engine, std::string account_uri)
      : engine_(engine), account_uri_(std::move(account_uri)) {}

  // Says whether the account was a member at `time`.
  absl::StatusOr<bool> Include(const std::string& room_uri, UnixMillis time);

 private:
  // Both ends included; 0 while it lasts.
  struct Stay {
    UnixMillis from = 0;
    UnixMillis to = 0;
  };
  absl::StatusOr<std::vector<Stay>> Read(const std::string& room_uri) const;

  Engine& engine_;
  const std::string account_uri_;
  std::map<std::string, std::vector<Stay>> rooms_;
};

// Returns up to `limit` rooms of an account that follow `after` in byte order.
absl::StatusOr<std::vector<std::string>> ListRoomsOf(
    Engine& engine, absl::string_view account_uri, absl::string_view after,
    size_t limit);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_ROOM_STORE_H_

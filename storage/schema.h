// The keys of frank-platform's store, all of them: accounts, rooms, messages
// and files here, the rest in report_schema.h. Those of frank-moderation, whose
// store is another, are in moderation_schema.h.
//
// Integers are big-endian; "text" is u16(length) || bytes, so that no key is
// part of another's range by accident. Each key begins with what it belongs to;
// indexes by time begin with a bucket, so that a distributed engine can split
// them. The first byte names the table: on disk, never renumbered. Prefixes
// 0x10 to 0x47 are this file's.
//
//   0x10 text(account)                           AccountRecord
//   0x11 text(account) u64(version)              DeviceListRecord, replaced
//   0x12 sha256(token)[32]                       TokenRecord
//   0x13 text(account) device[16]                DeviceTokensRecord
//   0x14 mailbox[16]                             to be emptied; no value
//   0x15 device[16]                              DeviceOwnerRecord
//   0x18 text(room)                              RoomRecord
//   0x19 text(room)                              RoomHeadRecord
//   0x1A text(account) text(room)                PositionRecord: joined at
//   0x1B text(room) text(account) u64(version)   MembershipRecord
//   0x20 text(room) u64(sequence)                MessageRecord
//   0x21 text(room) u64(sequence)                large body, as it came
//   0x22 text(room) u64(sequence)                large RecipientsRecord
//   0x23 mailbox[16] text(room) u64(sequence)    MailboxRecord
//   0x24 mailbox[16] text(room)                  PositionRecord
//   0x25 mailbox[16] text(room) u64(from)        AcknowledgedMessagesRecord
//   0x26 bucket u64(time) text(room) u64(seq)    MessageExpiryRecord
//   0x28 text(account) u64(number)               NoticeRecord
//   0x29 text(account)                           PositionRecord: last notice
//   0x2A mailbox[16]                             PositionRecord: notices
//   0x30 file_tag[32]                            FileRecord
//   0x31 file_tag[32] u32(index)                 chunk, as it came
//   0x32 text(account)                           FileUsageRecord
//   0x33 bucket u64(time) file_tag[32]           end of a file; no value
//   0x40 text(account) device[16] u8 id[16]      IdempotencyRecord
//   0x41 text(account)                           SendCountRecord
//
// Bodies and chunks have no record around them, so that they are never copied
// for it; their version is that of the MessageRecord or FileRecord beside them.
#ifndef FRANK_STORAGE_SCHEMA_H_
#define FRANK_STORAGE_SCHEMA_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "core/ids.h"
#include "storage/engine.h"
#include "storage/report_schema.h"

namespace frank::storage {

// A device's mailbox, drawn when the device is linked: a device that is linked
// again under its old id begins with an empty one.
using MailboxId = Id<struct MailboxIdTag, 16>;
using TokenHash = Id<struct TokenHashTag, 32>;

// Methods whose answers are kept; a part of keys, never renumbered.
enum class IdempotentMethod : uint8_t {
  kRegister = 1,
  kUpdateDevices = 2,
  kCreateRoom = 3,
  kUpdateMembers = 4,
  kSend = 5,
};

namespace schema {

std::string AccountKey(absl::string_view account_uri);
KeyRange Accounts();
absl::StatusOr<std::string> ParseAccount(absl::string_view key);
std::string PastListKey(absl::string_view account_uri, uint64_t version);
KeyRange PastLists(absl::string_view account_uri);
std::string TokenKey(const TokenHash& hash);
KeyRange Tokens();
absl::StatusOr<TokenHash> ParseToken(absl::string_view key);
std::string DeviceTokensKey(absl::string_view account_uri,
                            const DeviceId& device_id);
std::string DeviceOwnerKey(const DeviceId& device_id);
std::string RemovedMailboxKey(const MailboxId& mailbox);
KeyRange RemovedMailboxes();
absl::StatusOr<MailboxId> ParseRemovedMailbox(absl::string_view key);

std::string RoomKey(absl::string_view room_uri);
std::string RoomHeadKey(absl::string_view room_uri);
std::string AccountRoomKey(absl::string_view account_uri,
                           absl::string_view room_uri);
KeyRange AccountRooms(absl::string_view account_uri);
absl::StatusOr<std::string> ParseAccountRoom(absl::string_view key);
std::string MembershipKey(absl::string_view room_uri,
                          absl::string_view account_uri, uint64_t version);
KeyRange Memberships(absl::string_view room_uri, absl::string_view account_uri);

// A message's place.
struct MessagePlace {
  std::string room_uri;
  uint64_t sequence = 0;
};
std::string MessageKey(absl::string_view room_uri, uint64_t sequence);
std::string BodyKey(absl::string_view room_uri, uint64_t sequence);
std::string RecipientsKey(absl::string_view room_uri, uint64_t sequence);
// Messages of (after, to].
KeyRange MessagesBetween(absl::string_view room_uri, uint64_t after,
                         uint64_t to);
absl::StatusOr<uint64_t> ParseMessageSequence(absl::string_view key);

// The order in which a mailbox has its rooms: that of their keys.
struct RoomOrder {
  bool operator()(absl::string_view a, absl::string_view b) const {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  }
};
KeyRange Mailbox(const MailboxId& mailbox);
KeyRange Mailboxes();
std::string MailboxKey(const MailboxId& mailbox, absl::string_view room_uri,
                       uint64_t sequence);
// Entries of (after, to].
KeyRange MailboxBetween(const MailboxId& mailbox, absl::string_view room_uri,
                        uint64_t after, uint64_t to);
absl::StatusOr<MessagePlace> ParseMailboxKey(absl::string_view key);
// Whose entry it is.
absl::StatusOr<MailboxId> ParseMailbox(absl::string_view key);
std::string CursorKey(const MailboxId& mailbox, absl::string_view room_uri);
KeyRange Cursors(const MailboxId& mailbox);
absl::StatusOr<std::string> ParseCursor(absl::string_view key);
std::string AcknowledgedMessagesKey(const MailboxId& mailbox,
                                    absl::string_view room_uri, uint64_t from);
KeyRange AcknowledgedMessages();
// What the key of a device's acknowledgement says.
struct AcknowledgedPlace {
  MailboxId mailbox;
  uint64_t from = 0;
};
absl::StatusOr<AcknowledgedPlace> ParseAcknowledged(absl::string_view key);

// Buckets of the indexes by time, 0 to 15. On disk, never changed.
inline constexpr uint8_t kTimeBuckets = 16;
std::string MessageExpiryKey(UnixMillis time, absl::string_view room_uri,
                             uint64_t sequence);
// Keys of one bucket whose time has come.
KeyRange DueMessages(uint8_t bucket, UnixMillis now);

std::string NoticeKey(absl::string_view account_uri, uint64_t number);
KeyRange Notices();
absl::StatusOr<std::string> ParseNoticeAccount(absl::string_view key);
// Notices above `after`.
KeyRange NoticesAfter(absl::string_view account_uri, uint64_t after);
absl::StatusOr<uint64_t> ParseNoticeNumber(absl::string_view key);
std::string LastNoticeKey(absl::string_view account_uri);
std::string NoticeCursorKey(const MailboxId& mailbox);

std::string FileKey(const FrankingTag& tag);
std::string ChunkKey(const FrankingTag& tag, uint32_t index);
KeyRange Chunks(const FrankingTag& tag);
std::string FileUsageKey(absl::string_view account_uri);
std::string FileExpiryKey(UnixMillis time, const FrankingTag& tag);
KeyRange DueFiles(uint8_t bucket, UnixMillis now);
absl::StatusOr<FrankingTag> ParseFileExpiry(absl::string_view key);

std::string IdempotencyKey(absl::string_view account_uri,
                           const DeviceId& device_id, IdempotentMethod method,
                           ByteSpan client_id);
std::string SendCountKey(absl::string_view account_uri);

}  // namespace schema
}  // namespace frank::storage

#endif  // FRANK_STORAGE_SCHEMA_H_

#include "storage/schema.h"

#include "absl/status/status.h"
#include "core/bytes.h"
#include "core/status.h"
#include "storage/key.h"

namespace frank::storage::schema {
namespace {

// Table prefixes: on disk, never renumbered.
enum Table : uint8_t {
  kAccount = 0x10,
  kPastList = 0x11,
  kToken = 0x12,
  kDeviceTokens = 0x13,
  kRemovedMailbox = 0x14,
  kDeviceOwner = 0x15,
  kRoom = 0x18,
  kRoomHead = 0x19,
  kAccountRoom = 0x1A,
  kMembership = 0x1B,
  kMessage = 0x20,
  kBody = 0x21,
  kRecipients = 0x22,
  kMailbox = 0x23,
  kCursor = 0x24,
  kAcknowledgedMessages = 0x25,
  kMessageExpiry = 0x26,
  kNotice = 0x28,
  kLastNotice = 0x29,
  kNoticeCursor = 0x2A,
  kFile = 0x30,
  kChunk = 0x31,
  kFileUsage = 0x32,
  kFileExpiry = 0x33,
  kIdempotency = 0x40,
  kSendCount = 0x41,
};

// (after, to] of keys that end in a u64 behind `prefix`.
KeyRange Between(Key prefix, uint64_t after, uint64_t to) {
  Key end = prefix;
  KeyRange range{prefix.U64(after).Take(), end.U64(to).Take()};
  range.begin.push_back('\0');
  range.end.push_back('\0');
  return range;
}

}  // namespace

std::string AccountKey(absl::string_view account_uri) {
  return Key(kAccount).Text(account_uri).Take();
}
KeyRange Accounts() { return Key(kAccount).Range(); }
absl::StatusOr<std::string> ParseAccount(absl::string_view key) {
  KeyReader reader(key);
  std::string account_uri = reader.Text();
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return account_uri;
}
std::string PastListKey(absl::string_view account_uri, uint64_t version) {
  return Key(kPastList).Text(account_uri).U64(version).Take();
}
KeyRange PastLists(absl::string_view account_uri) {
  return Key(kPastList).Text(account_uri).Range();
}
std::string TokenKey(const TokenHash& hash) {
  return Key(kToken).Raw(hash.bytes()).Take();
}
KeyRange Tokens() { return Key(kToken).Range(); }
absl::StatusOr<TokenHash> ParseToken(absl::string_view key) {
  KeyReader reader(key);
  TokenHash hash(ToArray<TokenHash::kSize>(reader.Raw(TokenHash::kSize)));
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return hash;
}
std::string DeviceTokensKey(absl::string_view account_uri,
                            const DeviceId& device_id) {
  return Key(kDeviceTokens).Text(account_uri).Raw(device_id.bytes()).Take();
}
std::string DeviceOwnerKey(const DeviceId& device_id) {
  return Key(kDeviceOwner).Raw(device_id.bytes()).Take();
}
std::string RemovedMailboxKey(const MailboxId& mailbox) {
  return Key(kRemovedMailbox).Raw(mailbox.bytes()).Take();
}
KeyRange RemovedMailboxes() { return Key(kRemovedMailbox).Range(); }
absl::StatusOr<MailboxId> ParseRemovedMailbox(absl::string_view key) {
  KeyReader reader(key);
  MailboxId mailbox(ToArray<MailboxId::kSize>(reader.Raw(MailboxId::kSize)));
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return mailbox;
}

std::string RoomKey(absl::string_view room_uri) {
  return Key(kRoom).Text(room_uri).Take();
}
std::string RoomHeadKey(absl::string_view room_uri) {
  return Key(kRoomHead).Text(room_uri).Take();
}
std::string AccountRoomKey(absl::string_view account_uri,
                           absl::string_view room_uri) {
  return Key(kAccountRoom).Text(account_uri).Text(room_uri).Take();
}
KeyRange AccountRooms(absl::string_view account_uri) {
  return Key(kAccountRoom).Text(account_uri).Range();
}
absl::StatusOr<std::string> ParseAccountRoom(absl::string_view key) {
  KeyReader reader(key);
  reader.Text();
  std::string room_uri = reader.Text();
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return room_uri;
}
std::string MembershipKey(absl::string_view room_uri,
                          absl::string_view account_uri, uint64_t version) {
  return Key(kMembership).Text(room_uri).Text(account_uri).U64(version).Take();
}
KeyRange Memberships(absl::string_view room_uri,
                     absl::string_view account_uri) {
  return Key(kMembership).Text(room_uri).Text(account_uri).Range();
}

std::string MessageKey(absl::string_view room_uri, uint64_t sequence) {
  return Key(kMessage).Text(room_uri).U64(sequence).Take();
}
std::string BodyKey(absl::string_view room_uri, uint64_t sequence) {
  return Key(kBody).Text(room_uri).U64(sequence).Take();
}
std::string RecipientsKey(absl::string_view room_uri, uint64_t sequence) {
  return Key(kRecipients).Text(room_uri).U64(sequence).Take();
}
KeyRange MessagesBetween(absl::string_view room_uri, uint64_t after,
                         uint64_t to) {
  return Between(Key(kMessage).Text(room_uri), after, to);
}
absl::StatusOr<uint64_t> ParseMessageSequence(absl::string_view key) {
  KeyReader reader(key);
  reader.Text();
  uint64_t sequence = reader.U64();
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return sequence;
}

KeyRange Mailbox(const MailboxId& mailbox) {
  return Key(kMailbox).Raw(mailbox.bytes()).Range();
}
KeyRange Mailboxes() { return Key(kMailbox).Range(); }
std::string MailboxKey(const MailboxId& mailbox, absl::string_view room_uri,
                       uint64_t sequence) {
  return Key(kMailbox).Raw(mailbox.bytes()).Text(room_uri).U64(sequence).Take();
}
KeyRange MailboxBetween(const MailboxId& mailbox, absl::string_view room_uri,
                        uint64_t after, uint64_t to) {
  return Between(Key(kMailbox).Raw(mailbox.bytes()).Text(room_uri), after, to);
}
absl::StatusOr<MessagePlace> ParseMailboxKey(absl::string_view key) {
  KeyReader reader(key);
  reader.Raw(MailboxId::kSize);
  MessagePlace place;
  place.room_uri = reader.Text();
  place.sequence = reader.U64();
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return place;
}
absl::StatusOr<MailboxId> ParseMailbox(absl::string_view key) {
  // Not read to its end: this is asked of every entry that is written.
  if (key.size() < 1 + MailboxId::kSize) {
    return absl::DataLossError("a stored key is damaged");
  }
  return MailboxId(
      ToArray<MailboxId::kSize>(AsBytes(key.substr(1, MailboxId::kSize))));
}
std::string CursorKey(const MailboxId& mailbox, absl::string_view room_uri) {
  return Key(kCursor).Raw(mailbox.bytes()).Text(room_uri).Take();
}
KeyRange Cursors(const MailboxId& mailbox) {
  return Key(kCursor).Raw(mailbox.bytes()).Range();
}
absl::StatusOr<std::string> ParseCursor(absl::string_view key) {
  KeyReader reader(key);
  reader.Raw(MailboxId::kSize);
  std::string room_uri = reader.Text();
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return room_uri;
}
std::string AcknowledgedMessagesKey(const MailboxId& mailbox,
                                    absl::string_view room_uri, uint64_t from) {
  return Key(kAcknowledgedMessages)
      .Raw(mailbox.bytes())
      .Text(room_uri)
      .U64(from)
      .Take();
}
KeyRange AcknowledgedMessages() { return Key(kAcknowledgedMessages).Range(); }
absl::StatusOr<AcknowledgedPlace> ParseAcknowledged(absl::string_view key) {
  KeyReader reader(key);
  AcknowledgedPlace place;
  place.mailbox =
      MailboxId(ToArray<MailboxId::kSize>(reader.Raw(MailboxId::kSize)));
  reader.Text();
  place.from = reader.U64();
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return place;
}

std::string MessageExpiryKey(UnixMillis time, absl::string_view room_uri,
                             uint64_t sequence) {
  return Key(kMessageExpiry)
      .U8(sequence % kTimeBuckets)
      .U64(time)
      .Text(room_uri)
      .U64(sequence)
      .Take();
}
KeyRange DueMessages(uint8_t bucket, UnixMillis now) {
  return {Key(kMessageExpiry).U8(bucket).Take(),
          Key(kMessageExpiry).U8(bucket).U64(now + 1).Take()};
}

std::string NoticeKey(absl::string_view account_uri, uint64_t number) {
  return Key(kNotice).Text(account_uri).U64(number).Take();
}
KeyRange Notices() { return Key(kNotice).Range(); }
absl::StatusOr<std::string> ParseNoticeAccount(absl::string_view key) {
  KeyReader reader(key);
  std::string account_uri = reader.Text();
  reader.U64();
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return account_uri;
}
KeyRange NoticesAfter(absl::string_view account_uri, uint64_t after) {
  return Between(Key(kNotice).Text(account_uri), after, ~uint64_t{0});
}
absl::StatusOr<uint64_t> ParseNoticeNumber(absl::string_view key) {
  KeyReader reader(key);
  reader.Text();
  uint64_t number = reader.U64();
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return number;
}
std::string LastNoticeKey(absl::string_view account_uri) {
  return Key(kLastNotice).Text(account_uri).Take();
}
std::string NoticeCursorKey(const MailboxId& mailbox) {
  return Key(kNoticeCursor).Raw(mailbox.bytes()).Take();
}

std::string FileKey(const FrankingTag& tag) {
  return Key(kFile).Raw(tag.bytes()).Take();
}
std::string ChunkKey(const FrankingTag& tag, uint32_t index) {
  return Key(kChunk).Raw(tag.bytes()).U32(index).Take();
}
KeyRange Chunks(const FrankingTag& tag) {
  return Key(kChunk).Raw(tag.bytes()).Range();
}
std::string FileUsageKey(absl::string_view account_uri) {
  return Key(kFileUsage).Text(account_uri).Take();
}
std::string FileExpiryKey(UnixMillis time, const FrankingTag& tag) {
  return Key(kFileExpiry)
      .U8(tag.bytes()[0] % kTimeBuckets)
      .U64(time)
      .Raw(tag.bytes())
      .Take();
}
KeyRange DueFiles(uint8_t bucket, UnixMillis now) {
  return {Key(kFileExpiry).U8(bucket).Take(),
          Key(kFileExpiry).U8(bucket).U64(now + 1).Take()};
}
absl::StatusOr<FrankingTag> ParseFileExpiry(absl::string_view key) {
  KeyReader reader(key);
  reader.Raw(1 + sizeof(UnixMillis));
  FrankingTag tag(ToArray<FrankingTag::kSize>(reader.Raw(FrankingTag::kSize)));
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return tag;
}

std::string IdempotencyKey(absl::string_view account_uri,
                           const DeviceId& device_id, IdempotentMethod method,
                           ByteSpan client_id) {
  return Key(kIdempotency)
      .Text(account_uri)
      .Raw(device_id.bytes())
      .U8(static_cast<uint8_t>(method))
      .Raw(client_id)
      .Take();
}
std::string SendCountKey(absl::string_view account_uri) {
  return Key(kSendCount).Text(account_uri).Take();
}

}  // namespace frank::storage::schema

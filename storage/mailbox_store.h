// Messages on their way. The body is stored once, a small one with what else is
// known of the message; each device that is to get it has an entry in its
// mailbox with its wrap. A message is forgotten when no
// entry for it is left, but for its sender and its time; these too when it is
// limits::kMailboxRetention old. A running platform may have it in memory yet.
#ifndef FRANK_STORAGE_MAILBOX_STORE_H_
#define FRANK_STORAGE_MAILBOX_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "core/clock.h"
#include "frank/storage/v1/platform.pb.h"
#include "storage/engine.h"
#include "storage/schema.h"

namespace frank::storage {

// One device's share of a message; views into what the client sent.
struct Delivery {
  MailboxId mailbox;
  absl::string_view key_id;
  absl::string_view wrap;
};

// Stores a message and an entry for each delivery; nothing when there is none.
// The caller notes when its time ends (ExpireMessagesAt). Reads nothing.
// Borrows a large body until the commit is answered: its first copy is the one
// that the engine writes.
void AddMessage(Transaction& transaction, absl::string_view room_uri,
                uint64_t sequence, v1::MessageRecord message,
                absl::string_view body,
                const std::vector<Delivery>& deliveries);

// Notes in one row when the time of such messages ends.
void ExpireMessagesAt(Transaction& transaction, UnixMillis time,
                      absl::Span<const schema::MessagePlace> messages);

struct MailboxEntry {
  schema::MessagePlace place;
  v1::MailboxRecord record;
};
// An entry as a commit wrote it.
absl::StatusOr<MailboxEntry> DecodeMailboxEntry(absl::string_view key,
                                                absl::string_view value);
// Returns up to `limit` entries from (room, after] on, in the order of their
// keys, up to but without those of `until_room`; an empty room means from the
// start and to the end. Untracked.
absl::StatusOr<std::vector<MailboxEntry>> ScanMailbox(
    Engine& engine, const MailboxId& mailbox, absl::string_view room_uri,
    uint64_t after, absl::string_view until_room, size_t limit);

// How far a device has acknowledged each room at least, in the order of their
// keys: nothing of its lies before. It may step back when a stream took over
// from another, which makes a scan longer. Untracked.
absl::StatusOr<std::vector<schema::MessagePlace>> ListCursors(
    Engine& engine, const MailboxId& mailbox);

struct StoredMessage {
  v1::MessageRecord message;
  std::string body;
};
// nullopt when it has been forgotten meanwhile. Untracked.
absl::StatusOr<absl::optional<StoredMessage>> FindMessage(
    Engine& engine, absl::string_view room_uri, uint64_t sequence);

// Where a message came from.
struct MessageOrigin {
  std::string sender_uri;
  UnixMillis accepted_at = 0;
  // For whom it was; nullopt when all of them have it.
  absl::optional<std::vector<MailboxId>> recipients;
};
// nullopt when its time has ended. Untracked.
absl::StatusOr<absl::optional<MessageOrigin>> FindOrigin(
    Transaction& transaction, absl::string_view room_uri, uint64_t sequence);

// What a device has of a room now.
struct Acknowledgement {
  MailboxId mailbox;
  std::string room_uri;
  // Its entries up to the last one, in order; not empty.
  std::vector<uint64_t> sequences;
  // Whether scans are to begin behind it, which takes one write more.
  bool moves_cursor = false;
};
// Removes these entries and leaves marks for SweepAcknowledged: one for all who
// acknowledged the same. Reads those marks alone, so it conflicts with nothing
// but a repetition. A mark that cannot be decoded is written anew.
absl::Status Acknowledge(Transaction& transaction,
                         std::vector<const Acknowledgement*> acknowledgements);

// The three below do a bounded piece of background work and return whether
// there may be more. `limit` bounds the rows that a piece reads or deletes; it
// goes beyond it to finish the message that it is at, or to do one at all.
// `position` is where the next piece goes on, so that a round passes once over
// what it has deleted; empty for a round's first piece.

// Follows marks: forgets the messages for which nobody waits.
absl::StatusOr<bool> SweepAcknowledged(Transaction& transaction, size_t limit,
                                       std::string* position);
// Forgets messages whose time has come.
absl::StatusOr<bool> ExpireMessages(Transaction& transaction, UnixMillis now,
                                    size_t limit, std::string* position);
// Empties the mailbox of a device that was removed.
absl::StatusOr<bool> EmptyRemovedMailbox(Transaction& transaction,
                                         size_t limit);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_MAILBOX_STORE_H_

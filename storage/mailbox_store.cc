#include "storage/mailbox_store.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/bytes.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/status.h"
#include "storage/record_table.h"

namespace frank::storage {
namespace {

MailboxId MailboxOf(absl::string_view bytes) {
  return MailboxId(ToArray<MailboxId::kSize>(AsBytes(bytes)));
}

// What has keys of its own, since it would be read with each message: larger
// bodies than this, and more recipients.
constexpr size_t kSmallBodyBytes = 4096;
constexpr int kFewRecipients = 64;

// Nobody waits for it, and only who sent it when is left.
bool IsForgotten(const v1::MessageRecord& message) {
  return message.franking_tag().empty();
}

// nullopt of a message that is forgotten. Untracked.
absl::StatusOr<absl::optional<v1::RecipientsRecord>> RecipientsOf(
    Transaction& transaction, absl::string_view room_uri, uint64_t sequence,
    const v1::MessageRecord& message) {
  if (message.has_recipients())
    return absl::make_optional(message.recipients());
  if (IsForgotten(message)) return absl::optional<v1::RecipientsRecord>();
  return DecodeFound<v1::RecipientsRecord>(
      transaction.GetUntracked(schema::RecipientsKey(room_uri, sequence)));
}

void DeleteLarge(Transaction& transaction, absl::string_view room_uri,
                 uint64_t sequence, const v1::MessageRecord& message) {
  if (!message.has_body()) {
    transaction.Delete(schema::BodyKey(room_uri, sequence));
  }
  if (!message.has_recipients()) {
    transaction.Delete(schema::RecipientsKey(room_uri, sequence));
  }
}

// Of a message that everybody has: its body and its recipients go. Who sent it
// when is kept to its end, for notices of those who could not open it.
void ForgetContent(Transaction& transaction, absl::string_view room_uri,
                   uint64_t sequence, const v1::MessageRecord& message) {
  DeleteLarge(transaction, room_uri, sequence, message);
  v1::MessageRecord kept;
  kept.set_sender_uri(message.sender_uri());
  kept.mutable_frank()->set_accepted_timestamp(
      message.frank().accepted_timestamp());
  transaction.Put(schema::MessageKey(room_uri, sequence), EncodeRecord(kept));
}

// Entries are only ever removed, so what is found absent stays so, and none of
// these reads needs to be tracked.
absl::StatusOr<bool> AnybodyWaits(Transaction& transaction,
                                  absl::string_view room_uri, uint64_t sequence,
                                  const v1::RecipientsRecord& recipients) {
  for (const std::string& mailbox : recipients.mailbox_id()) {
    FRANK_ASSIGN_OR_RETURN(auto entry,
                           transaction.GetUntracked(schema::MailboxKey(
                               MailboxOf(mailbox), room_uri, sequence)));
    if (entry) return true;
  }
  return false;
}

// A message may come with a row of recipients of up to 144 KiB, so few are read
// at a time.
constexpr size_t kMessagesPage = 32;
constexpr size_t kMarksPage = 64;
// A note of a busy relay has some twenty KiB.
constexpr size_t kDuePage = 16;
// Beside those of its recipients.
constexpr size_t kRowsOfMessage = 4;

void Spend(size_t cost, size_t* budget) { *budget -= std::min(cost, *budget); }

// Two streams of a device may acknowledge the same around the moment when one
// takes over from the other; the mark that is there already may go further. One
// that cannot be decoded is no reason to keep the entries: what it named stays
// until its time has come.
absl::Status MarkAcknowledged(Transaction& transaction,
                              const MailboxId& mailbox,
                              absl::string_view room_uri, uint64_t from,
                              uint64_t to) {
  const std::string key =
      schema::AcknowledgedMessagesKey(mailbox, room_uri, from);
  FRANK_ASSIGN_OR_RETURN(auto found, transaction.Get(key));
  v1::AcknowledgedMessagesRecord mark;
  if (found) {
    auto decoded = DecodeRecord<v1::AcknowledgedMessagesRecord>(*found);
    if (decoded.ok()) {
      mark = *std::move(decoded);
    } else {
      Log(Severity::kError, "mailbox.mark_overwritten",
          {LogField("mailbox", mailbox)});
    }
  }
  mark.set_room_uri(ToString(AsBytes(room_uri)));
  mark.set_to(std::max(mark.to(), to));
  transaction.Put(key, EncodeRecord(mark));
  return absl::OkStatus();
}

absl::Status ForgetUnlessAwaited(Transaction& transaction,
                                 absl::string_view room_uri, uint64_t sequence,
                                 const KeyValue& row, size_t* budget) {
  FRANK_ASSIGN_OR_RETURN(auto message,
                         DecodeRecord<v1::MessageRecord>(row.value));
  Spend(1, budget);
  FRANK_ASSIGN_OR_RETURN(
      auto recipients, RecipientsOf(transaction, room_uri, sequence, message));
  if (!recipients) return absl::OkStatus();
  Spend(kRowsOfMessage - 1 + recipients->mailbox_id_size(), budget);
  FRANK_ASSIGN_OR_RETURN(
      bool waits, AnybodyWaits(transaction, room_uri, sequence, *recipients));
  if (!waits) ForgetContent(transaction, room_uri, sequence, message);
  return absl::OkStatus();
}

// Follows a mark as far as the budget goes, at least one message, and leaves
// what it did not come to as a shorter mark. Returns whether it did so.
absl::StatusOr<bool> SweepMark(Transaction& transaction, const KeyValue& mark,
                               size_t* budget) {
  FRANK_ASSIGN_OR_RETURN(
      auto record, DecodeRecord<v1::AcknowledgedMessagesRecord>(mark.value));
  FRANK_ASSIGN_OR_RETURN(schema::AcknowledgedPlace place,
                         schema::ParseAcknowledged(mark.key));
  // Tracked: it may become a longer one meanwhile.
  FRANK_ASSIGN_OR_RETURN(auto unchanged, transaction.Get(mark.key));
  if (unchanged != mark.value) return true;
  bool rest = true;
  while (rest && *budget > 0) {
    FRANK_ASSIGN_OR_RETURN(
        std::vector<KeyValue> rows,
        transaction.ScanUntracked(
            schema::MessagesBetween(record.room_uri(), place.from, record.to()),
            kMessagesPage));
    size_t done = 0;
    for (; done < rows.size() && *budget > 0; ++done) {
      FRANK_ASSIGN_OR_RETURN(place.from,
                             schema::ParseMessageSequence(rows[done].key));
      FRANK_RETURN_IF_ERROR(ForgetUnlessAwaited(
          transaction, record.room_uri(), place.from, rows[done], budget));
    }
    // A mark that ends where it begins would stand under the key of the next.
    rest = done < rows.size() ||
           (done == kMessagesPage && place.from < record.to());
  }
  transaction.Delete(mark.key);
  if (rest) {
    FRANK_RETURN_IF_ERROR(MarkAcknowledged(transaction, place.mailbox,
                                           record.room_uri(), place.from,
                                           record.to()));
  }
  return rest;
}

absl::Status ExpireMessage(Transaction& transaction,
                           const v1::MessageExpiryRecord::Place& place,
                           size_t* budget) {
  const std::string& room_uri = place.room_uri();
  const uint64_t sequence = place.sequence();
  const std::string key = schema::MessageKey(room_uri, sequence);
  FRANK_ASSIGN_OR_RETURN(auto message, DecodeFound<v1::MessageRecord>(
                                           transaction.GetUntracked(key)));
  Spend(kRowsOfMessage, budget);
  if (!message) return absl::OkStatus();
  FRANK_ASSIGN_OR_RETURN(
      auto recipients, RecipientsOf(transaction, room_uri, sequence, *message));
  if (recipients) {
    Spend(recipients->mailbox_id_size(), budget);
    for (const std::string& mailbox : recipients->mailbox_id()) {
      transaction.Delete(
          schema::MailboxKey(MailboxOf(mailbox), room_uri, sequence));
    }
    DeleteLarge(transaction, room_uri, sequence, *message);
  }
  transaction.Delete(key);
  return absl::OkStatus();
}

// Forgets a note's messages as far as the budget goes, at least one, and leaves
// the others as a shorter note. Returns whether it did so.
absl::StatusOr<bool> ExpireNoted(Transaction& transaction, const KeyValue& due,
                                 size_t* budget) {
  FRANK_ASSIGN_OR_RETURN(auto note,
                         DecodeRecord<v1::MessageExpiryRecord>(due.value));
  // Its messages would be kept for ever.
  if (note.message_size() == 0) {
    return absl::DataLossError("a stored note names no message");
  }
  int done = 0;
  while (done < note.message_size() && *budget > 0) {
    FRANK_RETURN_IF_ERROR(
        ExpireMessage(transaction, note.message(done++), budget));
  }
  if (done == note.message_size()) {
    transaction.Delete(due.key);
    return false;
  }
  note.mutable_message()->DeleteSubrange(0, done);
  transaction.Put(due.key, EncodeRecord(note));
  return true;
}

// Those whose mark is the same stand together, and one mailbox always before
// another.
bool MarkedBefore(const Acknowledgement* a, const Acknowledgement* b) {
  return std::make_tuple(absl::string_view(a->room_uri), a->sequences.front(),
                         a->sequences.back(), a->mailbox) <
         std::make_tuple(absl::string_view(b->room_uri), b->sequences.front(),
                         b->sequences.back(), b->mailbox);
}
bool MarkedAlike(const Acknowledgement& a, const Acknowledgement& b) {
  return a.room_uri == b.room_uri &&
         a.sequences.front() == b.sequences.front() &&
         a.sequences.back() == b.sequences.back();
}

void RemoveEntries(Transaction& transaction,
                   const Acknowledgement& acknowledgement) {
  for (uint64_t sequence : acknowledgement.sequences) {
    transaction.Delete(schema::MailboxKey(acknowledgement.mailbox,
                                          acknowledgement.room_uri, sequence));
  }
  if (!acknowledgement.moves_cursor) return;
  v1::PositionRecord cursor;
  cursor.set_number(acknowledgement.sequences.back());
  transaction.Put(
      schema::CursorKey(acknowledgement.mailbox, acknowledgement.room_uri),
      EncodeRecord(cursor));
}

}  // namespace

void AddMessage(Transaction& transaction, absl::string_view room_uri,
                uint64_t sequence, v1::MessageRecord message,
                absl::string_view body,
                const std::vector<Delivery>& deliveries) {
  if (deliveries.empty()) return;
  v1::RecipientsRecord recipients;
  v1::MailboxRecord entry;
  for (const Delivery& delivery : deliveries) {
    recipients.add_mailbox_id(ToString(delivery.mailbox.bytes()));
    entry.set_key_id(ToString(AsBytes(delivery.key_id)));
    entry.set_wrap(ToString(AsBytes(delivery.wrap)));
    transaction.Put(schema::MailboxKey(delivery.mailbox, room_uri, sequence),
                    EncodeRecord(entry));
  }
  if (recipients.mailbox_id_size() <= kFewRecipients) {
    *message.mutable_recipients() = std::move(recipients);
  } else {
    transaction.Put(schema::RecipientsKey(room_uri, sequence),
                    EncodeRecord(recipients));
  }
  if (body.size() <= kSmallBodyBytes) {
    message.set_body(body.data(), body.size());
  } else {
    transaction.PutBorrowed(schema::BodyKey(room_uri, sequence), body);
  }
  transaction.Put(schema::MessageKey(room_uri, sequence),
                  EncodeRecord(message));
}

void ExpireMessagesAt(Transaction& transaction, UnixMillis time,
                      absl::Span<const schema::MessagePlace> messages) {
  if (messages.empty()) return;
  v1::MessageExpiryRecord note;
  for (const schema::MessagePlace& message : messages) {
    v1::MessageExpiryRecord::Place* place = note.add_message();
    place->set_room_uri(message.room_uri);
    place->set_sequence(message.sequence);
  }
  transaction.Put(schema::MessageExpiryKey(time, messages[0].room_uri,
                                           messages[0].sequence),
                  EncodeRecord(note));
}

absl::StatusOr<MailboxEntry> DecodeMailboxEntry(absl::string_view key,
                                                absl::string_view value) {
  MailboxEntry entry;
  FRANK_ASSIGN_OR_RETURN(entry.place, schema::ParseMailboxKey(key));
  FRANK_ASSIGN_OR_RETURN(entry.record, DecodeRecord<v1::MailboxRecord>(value));
  return entry;
}

absl::StatusOr<std::vector<MailboxEntry>> ScanMailbox(
    Engine& engine, const MailboxId& mailbox, absl::string_view room_uri,
    uint64_t after, absl::string_view until_room, size_t limit) {
  KeyRange range = schema::Mailbox(mailbox);
  if (!room_uri.empty()) {
    range.begin = schema::MailboxKey(mailbox, room_uri, after) + '\0';
  }
  if (!until_room.empty()) {
    range.end = schema::MailboxKey(mailbox, until_room, 0);
  }
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> rows, engine.Scan(range, limit));
  std::vector<MailboxEntry> entries;
  entries.reserve(rows.size());
  for (const KeyValue& row : rows) {
    FRANK_ASSIGN_OR_RETURN(MailboxEntry entry,
                           DecodeMailboxEntry(row.key, row.value));
    entries.push_back(std::move(entry));
  }
  return entries;
}

absl::StatusOr<std::vector<schema::MessagePlace>> ListCursors(
    Engine& engine, const MailboxId& mailbox) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> rows,
                         engine.Scan(schema::Cursors(mailbox)));
  std::vector<schema::MessagePlace> cursors;
  cursors.reserve(rows.size());
  for (const KeyValue& row : rows) {
    FRANK_ASSIGN_OR_RETURN(std::string room_uri, schema::ParseCursor(row.key));
    FRANK_ASSIGN_OR_RETURN(auto cursor,
                           DecodeRecord<v1::PositionRecord>(row.value));
    cursors.push_back({std::move(room_uri), cursor.number()});
  }
  return cursors;
}

absl::StatusOr<absl::optional<StoredMessage>> FindMessage(
    Engine& engine, absl::string_view room_uri, uint64_t sequence) {
  FRANK_ASSIGN_OR_RETURN(auto message,
                         FindRecord<v1::MessageRecord>(
                             engine, schema::MessageKey(room_uri, sequence)));
  if (!message || IsForgotten(*message)) return absl::optional<StoredMessage>();
  absl::optional<std::string> body;
  if (message->has_body()) {
    body = std::move(*message->mutable_body());
  } else {
    FRANK_ASSIGN_OR_RETURN(body,
                           engine.Get(schema::BodyKey(room_uri, sequence)));
  }
  // Forgotten since it was read.
  if (!body) return absl::optional<StoredMessage>();
  return absl::make_optional(
      StoredMessage{*std::move(message), *std::move(body)});
}

absl::StatusOr<absl::optional<MessageOrigin>> FindOrigin(
    Transaction& transaction, absl::string_view room_uri, uint64_t sequence) {
  FRANK_ASSIGN_OR_RETURN(
      auto message, DecodeFound<v1::MessageRecord>(transaction.GetUntracked(
                        schema::MessageKey(room_uri, sequence))));
  if (!message) return absl::optional<MessageOrigin>();
  FRANK_ASSIGN_OR_RETURN(
      auto recipients, RecipientsOf(transaction, room_uri, sequence, *message));
  MessageOrigin origin;
  origin.sender_uri = message->sender_uri();
  origin.accepted_at = message->frank().accepted_timestamp();
  if (recipients) {
    origin.recipients.emplace();
    for (const std::string& mailbox : recipients->mailbox_id()) {
      origin.recipients->push_back(MailboxOf(mailbox));
    }
  }
  return absl::make_optional(std::move(origin));
}

absl::Status Acknowledge(Transaction& transaction,
                         std::vector<const Acknowledgement*> acknowledgements) {
  for (const Acknowledgement* acknowledgement : acknowledgements) {
    RemoveEntries(transaction, *acknowledgement);
  }
  std::sort(acknowledgements.begin(), acknowledgements.end(), MarkedBefore);
  const Acknowledgement* marked = nullptr;
  for (const Acknowledgement* next : acknowledgements) {
    if (marked != nullptr && MarkedAlike(*marked, *next)) continue;
    marked = next;
    // Not from what was acknowledged before: before its first message, a device
    // that is new in an old room would have the whole of it swept.
    FRANK_RETURN_IF_ERROR(
        MarkAcknowledged(transaction, next->mailbox, next->room_uri,
                         next->sequences.front() - 1, next->sequences.back()));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> SweepAcknowledged(Transaction& transaction, size_t limit,
                                       std::string* position) {
  KeyRange range = schema::AcknowledgedMessages();
  if (!position->empty()) range.begin = *position;
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> marks,
                         transaction.ScanUntracked(range, kMarksPage));
  for (const KeyValue& mark : marks) {
    *position = mark.key;
    if (limit == 0) return true;
    FRANK_ASSIGN_OR_RETURN(bool rest, SweepMark(transaction, mark, &limit));
    // What is left of it lies behind it.
    if (rest) return true;
  }
  return marks.size() == kMarksPage;
}

absl::StatusOr<bool> ExpireMessages(Transaction& transaction, UnixMillis now,
                                    size_t limit, std::string* position) {
  for (uint8_t bucket = 0; bucket < schema::kTimeBuckets; ++bucket) {
    KeyRange range = schema::DueMessages(bucket, now);
    range.begin = std::max(range.begin, *position);
    bool full = range.begin < range.end;
    while (full) {
      FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> due,
                             transaction.ScanUntracked(range, kDuePage));
      for (const KeyValue& row : due) {
        if (limit == 0) return true;
        *position = row.key;
        FRANK_ASSIGN_OR_RETURN(bool rest,
                               ExpireNoted(transaction, row, &limit));
        if (rest) return true;
        range.begin = row.key + '\0';
      }
      full = due.size() == kDuePage;
    }
  }
  return false;
}

absl::StatusOr<bool> EmptyRemovedMailbox(Transaction& transaction,
                                         size_t limit) {
  FRANK_ASSIGN_OR_RETURN(
      std::vector<KeyValue> removed,
      transaction.ScanUntracked(schema::RemovedMailboxes(), 1));
  if (removed.empty()) return false;
  FRANK_ASSIGN_OR_RETURN(MailboxId mailbox,
                         schema::ParseRemovedMailbox(removed[0].key));
  FRANK_ASSIGN_OR_RETURN(
      std::vector<KeyValue> entries,
      transaction.ScanUntracked(schema::Mailbox(mailbox), limit));
  for (const KeyValue& entry : entries) {
    FRANK_ASSIGN_OR_RETURN(schema::MessagePlace place,
                           schema::ParseMailboxKey(entry.key));
    transaction.Delete(entry.key);
    FRANK_RETURN_IF_ERROR(MarkAcknowledged(transaction, mailbox, place.room_uri,
                                           place.sequence - 1, place.sequence));
  }
  if (entries.size() == limit) return true;
  FRANK_ASSIGN_OR_RETURN(
      std::vector<KeyValue> cursors,
      transaction.ScanUntracked(schema::Cursors(mailbox), limit));
  for (const KeyValue& cursor : cursors) transaction.Delete(cursor.key);
  if (cursors.size() == limit) return true;
  transaction.Delete(schema::NoticeCursorKey(mailbox));
  transaction.Delete(removed[0].key);
  return true;
}

}  // namespace frank::storage

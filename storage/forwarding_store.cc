#include "storage/forwarding_store.h"

#include <algorithm>

#include "absl/types/optional.h"
#include "core/bytes.h"
#include "core/status.h"
#include "frank/storage/v1/report.pb.h"
#include "storage/outbox_record.h"
#include "storage/record.h"
#include "storage/report_schema.h"

namespace frank::storage {
namespace {

// Keys of rows and of acknowledgements end in their number.
uint64_t NumberOf(absl::string_view key) {
  return ReadU64(AsBytes(key.substr(key.size() - 8)));
}

KeyRange OutboxAfter(uint64_t after) {
  KeyRange range = OutboxRange();
  range.begin = schema::OutboxKey(after + 1);
  return range;
}

absl::StatusOr<ForwardingState> ReadForwarding(
    absl::StatusOr<absl::optional<std::string>> found) {
  FRANK_RETURN_IF_ERROR(found.status());
  if (!found->has_value()) return ForwardingState{};
  FRANK_ASSIGN_OR_RETURN(auto record,
                         DecodeRecord<v1::ForwardingRecord>(**found));
  return ForwardingState{record.acknowledged(), record.sent(),
                         record.indicative_time_ms()};
}

// Tells the report, or the decision that an appeal is about, its new place.
absl::Status Renumber(Transaction& transaction, const OutgoingReport& report,
                      uint64_t number) {
  FRANK_ASSIGN_OR_RETURN(
      absl::optional<ReportStatus> status,
      FindReport(transaction, report.reporter_uri, report.id));
  if (!status) return absl::OkStatus();
  status->number = number;
  PutReport(transaction, report.reporter_uri, report.id, *status);
  return absl::OkStatus();
}
absl::Status Renumber(Transaction& transaction, const OutgoingAppeal& appeal,
                      uint64_t number) {
  FRANK_ASSIGN_OR_RETURN(
      auto decision,
      FindAccountDecision(transaction, appeal.account_uri, appeal.decision_id));
  if (!decision) return absl::OkStatus();
  decision->mutable_appeal()->set_number(number);
  PutAccountDecision(transaction, appeal.account_uri, appeal.decision_id,
                     *decision);
  return absl::OkStatus();
}

absl::Status MoveRow(Transaction& transaction, const KeyValue& row,
                     uint64_t number) {
  FRANK_ASSIGN_OR_RETURN(OutboxItem item, ReadOutboxRow(row.value));
  FRANK_RETURN_IF_ERROR(absl::visit(
      [&](const auto& moved) { return Renumber(transaction, moved, number); },
      item));
  transaction.Delete(row.key);
  transaction.Put(schema::OutboxKey(number), row.value);
  return absl::OkStatus();
}

}  // namespace

KeyRange OutboxRange() { return KeyRange::Prefix(schema::OutboxPrefix()); }

absl::StatusOr<std::vector<OutboxRow>> ScanOutbox(Engine& engine,
                                                  uint64_t after,
                                                  size_t limit) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(OutboxAfter(after), limit));
  std::vector<OutboxRow> rows;
  for (const KeyValue& entry : found) {
    OutboxRow row;
    row.number = NumberOf(entry.key);
    FRANK_ASSIGN_OR_RETURN(row.item, ReadOutboxRow(entry.value));
    rows.push_back(std::move(row));
  }
  return rows;
}

absl::StatusOr<ForwardingState> GetForwarding(Transaction& transaction) {
  return ReadForwarding(transaction.Get(schema::ForwardingKey()));
}

absl::StatusOr<ForwardingState> GetForwarding(Engine& engine) {
  return ReadForwarding(engine.Get(schema::ForwardingKey()));
}

absl::StatusOr<uint64_t> CountUnacknowledged(Engine& engine) {
  // In this order, so that what is acknowledged between the two is counted.
  FRANK_ASSIGN_OR_RETURN(ForwardingState state, GetForwarding(engine));
  FRANK_ASSIGN_OR_RETURN(uint64_t last, LastReportNumber(engine));
  return last - std::min(last, state.acknowledged);
}

void PutForwarding(Transaction& transaction, const ForwardingState& state) {
  v1::ForwardingRecord record;
  record.set_acknowledged(state.acknowledged);
  record.set_sent(state.sent);
  record.set_indicative_time_ms(state.indicative_time);
  transaction.Put(schema::ForwardingKey(), EncodeRecord(record));
}

void NoteAcknowledged(Transaction& transaction, uint64_t number,
                      UnixMillis now) {
  v1::AcknowledgedRecord record;
  record.set_at(now);
  transaction.Put(schema::AcknowledgedKey(number), EncodeRecord(record));
}

absl::StatusOr<size_t> ForgetAcknowledgedAbove(Transaction& transaction,
                                               uint64_t number, size_t limit) {
  KeyRange range = KeyRange::Prefix(schema::AcknowledgedPrefix());
  range.begin = schema::AcknowledgedKey(number + 1);
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         transaction.Scan(range, limit));
  for (const KeyValue& entry : found) transaction.Delete(entry.key);
  return found.size();
}

absl::StatusOr<bool> RemoveForwarded(Transaction& transaction,
                                     UnixMillis noted_before, size_t limit) {
  FRANK_ASSIGN_OR_RETURN(
      std::vector<KeyValue> notes,
      transaction.Scan(KeyRange::Prefix(schema::AcknowledgedPrefix()), 1));
  if (notes.empty()) return false;
  FRANK_ASSIGN_OR_RETURN(auto note,
                         DecodeRecord<v1::AcknowledgedRecord>(notes[0].value));
  if (note.at() > noted_before) return false;
  KeyRange forwarded = OutboxRange();
  forwarded.end = schema::OutboxKey(NumberOf(notes[0].key) + 1);
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> rows,
                         transaction.ScanUntracked(forwarded, limit));
  for (const KeyValue& row : rows) transaction.Delete(row.key);
  if (rows.size() < limit) transaction.Delete(notes[0].key);
  return true;
}

absl::StatusOr<size_t> RenumberOutbox(Transaction& transaction, uint64_t after,
                                      uint64_t up_to, size_t limit) {
  FRANK_ASSIGN_OR_RETURN(uint64_t last, LastReportNumber(transaction));
  last = std::max(last, up_to);
  KeyRange range = OutboxAfter(after);
  range.end = schema::OutboxKey(up_to + 1);
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> rows,
                         transaction.Scan(range, limit));
  for (const KeyValue& row : rows) {
    FRANK_RETURN_IF_ERROR(MoveRow(transaction, row, ++last));
  }
  PutLastReportNumber(transaction, last);
  return rows.size();
}

absl::StatusOr<Lease> GetForwardingLease(Transaction& transaction) {
  FRANK_ASSIGN_OR_RETURN(absl::optional<std::string> found,
                         transaction.Get(schema::ForwardingLeaseKey()));
  if (!found) return Lease{};
  FRANK_ASSIGN_OR_RETURN(auto record,
                         DecodeRecord<v1::ForwardingLeaseRecord>(*found));
  return Lease{record.holder(), record.epoch(), record.expires_at()};
}

void PutForwardingLease(Transaction& transaction, const Lease& lease) {
  v1::ForwardingLeaseRecord record;
  record.set_holder(lease.holder);
  record.set_epoch(lease.epoch);
  record.set_expires_at(lease.expires_at);
  transaction.Put(schema::ForwardingLeaseKey(), EncodeRecord(record));
}

}  // namespace frank::storage

#include "storage/act_store.h"

#include <algorithm>

#include "core/status.h"
#include "frank/storage/v1/moderation.pb.h"
#include "storage/audit_store.h"
#include "storage/moderation_schema.h"
#include "storage/record_table.h"

namespace frank::storage {
namespace {

uint64_t NumberOf(const KeyValue& found) {
  absl::string_view key = found.key;
  return ReadU64(AsBytes(key.substr(key.size() - 8)));
}

absl::StatusOr<StoredAct> DecodeAct(const KeyValue& found) {
  StoredAct act;
  act.number = NumberOf(found);
  FRANK_ASSIGN_OR_RETURN(auto record, DecodeRecord<v1::ActRecord>(found.value));
  act.entry = record.entry();
  return act;
}

StoredAct DecodeOrEmpty(const KeyValue& found) {
  absl::StatusOr<StoredAct> act = DecodeAct(found);
  return act.ok() ? *std::move(act) : StoredAct{NumberOf(found), ""};
}

constexpr uint64_t kFewActs = 4;

}  // namespace

absl::StatusOr<uint64_t> GetActCount(Transaction& transaction,
                                     absl::string_view subject) {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         GetRecordOrEmpty<v1::ActCountRecord>(
                             transaction, schema::ActCountKey(subject)));
  return record.count();
}

absl::Status AddActs(Transaction& transaction, absl::string_view subject,
                     uint64_t count, UnixMillis now,
                     const std::vector<NewAct>& acts) {
  v1::AuditPlaceRecord place;
  place.set_subject(ToString(AsBytes(subject)));
  for (const NewAct& act : acts) {
    v1::ActRecord record;
    record.set_entry(act.entry);
    transaction.Put(schema::ActKey(subject, ++count), EncodeRecord(record));
    place.set_number(count);
    PutPlace(transaction, AsBytes(act.sha256), place);
  }
  // Whoever takes the last takes those before it.
  PutPending(transaction, {now, {place.subject(), count}});
  v1::ActCountRecord record;
  record.set_count(count);
  transaction.Put(schema::ActCountKey(subject), EncodeRecord(record));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<StoredAct>> ListActs(Engine& engine,
                                                absl::string_view subject,
                                                uint64_t after, size_t limit) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(schema::Acts(subject, after), limit));
  std::vector<StoredAct> acts;
  for (const KeyValue& entry : found) {
    FRANK_ASSIGN_OR_RETURN(StoredAct act, DecodeAct(entry));
    if (act.number != after + acts.size() + 1) {
      return absl::DataLossError("an act is missing");
    }
    acts.push_back(std::move(act));
  }
  return acts;
}

absl::StatusOr<std::vector<StoredAct>> ScanActs(Transaction& transaction,
                                                absl::string_view subject,
                                                uint64_t after, uint64_t last,
                                                size_t limit) {
  std::vector<StoredAct> acts;
  if (last <= after) return acts;
  // A look at each is cheaper than a scan for few.
  if (last - after <= std::min(limit, kFewActs)) {
    for (uint64_t number = after + 1; number <= last; ++number) {
      const std::string key = schema::ActKey(subject, number);
      FRANK_ASSIGN_OR_RETURN(auto value, transaction.Get(key));
      if (value) acts.push_back(DecodeOrEmpty({key, *std::move(value)}));
    }
    return acts;
  }
  KeyRange range = schema::Acts(subject, after);
  // Not further: an act that is added behind it does not matter here.
  range.end = schema::Acts(subject, last).begin;
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         transaction.Scan(range, limit));
  for (const KeyValue& entry : found) acts.push_back(DecodeOrEmpty(entry));
  return acts;
}

absl::StatusOr<absl::optional<std::string>> FindAct(Engine& engine,
                                                    const ActRef& act) {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         FindRecord<v1::ActRecord>(
                             engine, schema::ActKey(act.subject, act.number)));
  if (!record) return absl::optional<std::string>();
  return absl::make_optional(std::move(*record->mutable_entry()));
}

}  // namespace frank::storage

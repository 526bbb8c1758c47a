#include "storage/rate_store.h"

#include "core/status.h"
#include "frank/storage/v1/report.pb.h"
#include "storage/record_table.h"
#include "storage/report_schema.h"

namespace frank::storage {

namespace {

// The counter after the act. kResourceExhausted when that passes the limit.
absl::StatusOr<v1::RateRecord> Counted(Transaction& transaction,
                                       const std::string& key, UnixMillis now,
                                       uint64_t limit, uint64_t amount) {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         GetRecordOrEmpty<v1::RateRecord>(transaction, key));
  uint64_t hour = now / kHour;
  if (record.hour() != hour) {
    record.set_hour(hour);
    record.set_count(0);
  }
  if (record.count() + amount > limit) {
    return WithRetryAfter(WithReason(absl::ResourceExhaustedError(
                                         "the limit of this hour is used up"),
                                     "QUOTA_EXCEEDED"),
                          (hour + 1) * kHour - now);
  }
  record.set_count(record.count() + amount);
  return record;
}

}  // namespace

absl::Status CountInHour(Transaction& transaction, RateKind kind,
                         absl::string_view subject, UnixMillis now,
                         uint64_t limit, uint64_t amount) {
  std::string key = schema::RateKey(static_cast<uint8_t>(kind), subject);
  FRANK_ASSIGN_OR_RETURN(v1::RateRecord record,
                         Counted(transaction, key, now, limit, amount));
  transaction.Put(key, EncodeRecord(record));
  return absl::OkStatus();
}

absl::Status CheckHour(Transaction& transaction, RateKind kind,
                       absl::string_view subject, UnixMillis now,
                       uint64_t limit, uint64_t amount) {
  return Counted(transaction,
                 schema::RateKey(static_cast<uint8_t>(kind), subject), now,
                 limit, amount)
      .status();
}

}  // namespace frank::storage

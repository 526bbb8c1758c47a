#include "storage/rate_store.h"

#include "core/status.h"
#include "frank/storage/v1/report.pb.h"
#include "storage/record.h"
#include "storage/report_schema.h"

namespace frank::storage {

absl::Status CountInHour(Transaction& transaction, RateKind kind,
                         absl::string_view subject, UnixMillis now,
                         uint64_t limit, uint64_t amount) {
  std::string key = schema::RateKey(static_cast<uint8_t>(kind), subject);
  FRANK_ASSIGN_OR_RETURN(absl::optional<std::string> found,
                         transaction.Get(key));
  v1::RateRecord record;
  if (found) {
    FRANK_ASSIGN_OR_RETURN(record, DecodeRecord<v1::RateRecord>(*found));
  }
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
  transaction.Put(key, EncodeRecord(record));
  return absl::OkStatus();
}

}  // namespace frank::storage

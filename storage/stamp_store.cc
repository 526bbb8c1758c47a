#include "storage/stamp_store.h"

#include "core/status.h"
#include "frank/storage/v1/report.pb.h"
#include "storage/record.h"
#include "storage/report_schema.h"

namespace frank::storage {
namespace {

absl::StatusOr<UnixMillis> Read(
    absl::StatusOr<absl::optional<std::string>> found) {
  FRANK_RETURN_IF_ERROR(found.status());
  if (!found->has_value()) return 0;
  FRANK_ASSIGN_OR_RETURN(auto record,
                         DecodeRecord<v1::StampClockRecord>(**found));
  return record.newest();
}

}  // namespace

absl::StatusOr<UnixMillis> GetNewestStamp(Transaction& transaction) {
  return Read(transaction.Get(schema::NewestStampKey()));
}

absl::StatusOr<UnixMillis> GetNewestStamp(Engine& engine) {
  return Read(engine.Get(schema::NewestStampKey()));
}

void PutNewestStamp(Transaction& transaction, UnixMillis newest) {
  v1::StampClockRecord record;
  record.set_newest(newest);
  transaction.Put(schema::NewestStampKey(), EncodeRecord(record));
}

}  // namespace frank::storage

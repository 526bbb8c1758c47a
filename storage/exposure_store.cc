#include "storage/exposure_store.h"

#include <utility>

#include "core/status.h"
#include "storage/people_schema.h"
#include "storage/record.h"

namespace frank::storage {

absl::StatusOr<std::vector<StoredExposure>> ListExposures(
    Engine& engine, absl::string_view after, size_t limit) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(schema::ExposuresAfter(after), limit));
  std::vector<StoredExposure> exposures;
  for (const KeyValue& entry : found) {
    StoredExposure stored;
    FRANK_ASSIGN_OR_RETURN(stored.moderator,
                           schema::ParseModeratorKey(entry.key));
    FRANK_ASSIGN_OR_RETURN(stored.record,
                           DecodeRecord<v1::ExposureRecord>(entry.value));
    exposures.push_back(std::move(stored));
  }
  return exposures;
}

}  // namespace frank::storage

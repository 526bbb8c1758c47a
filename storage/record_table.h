// Reading records by key: what the stores of frank-moderation share.
#ifndef FRANK_STORAGE_RECORD_TABLE_H_
#define FRANK_STORAGE_RECORD_TABLE_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/status.h"
#include "storage/engine.h"
#include "storage/record.h"

namespace frank::storage {

// Decodes what a read found. kDataLoss on a record of a newer version.
template <typename Record>
absl::StatusOr<absl::optional<Record>> DecodeFound(
    absl::StatusOr<absl::optional<std::string>> found) {
  FRANK_RETURN_IF_ERROR(found.status());
  if (!found->has_value()) return absl::optional<Record>();
  FRANK_ASSIGN_OR_RETURN(Record record, DecodeRecord<Record>(**found));
  return absl::make_optional(std::move(record));
}

// A tracked read, or an untracked one of the engine.
template <typename Record, typename Source>
absl::StatusOr<absl::optional<Record>> FindRecord(Source& source,
                                                  const std::string& key) {
  return DecodeFound<Record>(source.Get(key));
}

// The same; an absent record is an empty one.
template <typename Record, typename Source>
absl::StatusOr<Record> GetRecordOrEmpty(Source& source,
                                        const std::string& key) {
  FRANK_ASSIGN_OR_RETURN(absl::optional<Record> found,
                         FindRecord<Record>(source, key));
  return found ? *std::move(found) : Record();
}

}  // namespace frank::storage

#endif  // FRANK_STORAGE_RECORD_TABLE_H_

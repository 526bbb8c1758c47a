// Records on disk: u8(version) || protobuf of frank.storage.v1.
#ifndef FRANK_STORAGE_RECORD_H_
#define FRANK_STORAGE_RECORD_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace frank::storage {

// The version that is written. Fields may be added without a new one; a version
// is new when an older program must not read the record.
inline constexpr char kRecordVersion = 1;

template <typename Record>
std::string EncodeRecord(const Record& record) {
  std::string value(1, kRecordVersion);
  record.AppendToString(&value);
  return value;
}

// kDataLoss on an unknown version or a damaged record.
template <typename Record>
absl::StatusOr<Record> DecodeRecord(absl::string_view value) {
  if (value.empty() || value[0] != kRecordVersion) {
    return absl::DataLossError("a stored record has an unknown version");
  }
  Record record;
  value.remove_prefix(1);
  if (!record.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return absl::DataLossError("a stored record is damaged");
  }
  return record;
}

}  // namespace frank::storage

#endif  // FRANK_STORAGE_RECORD_H_

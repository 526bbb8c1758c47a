// Rows of the report outbox, for the two stores that write them.
#ifndef FRANK_STORAGE_OUTBOX_RECORD_H_
#define FRANK_STORAGE_OUTBOX_RECORD_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/engine.h"
#include "storage/report_store.h"

namespace frank::storage {

void PutOutboxRow(Transaction& transaction, uint64_t number,
                  const OutgoingReport& report);

// Reads a row's value. kDataLoss when it is damaged.
absl::StatusOr<OutgoingReport> ReadOutboxRow(absl::string_view value);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_OUTBOX_RECORD_H_

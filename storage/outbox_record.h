// Rows of the outbox to the moderators, for the stores that write them.
#ifndef FRANK_STORAGE_OUTBOX_RECORD_H_
#define FRANK_STORAGE_OUTBOX_RECORD_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/variant.h"
#include "storage/account_decision_store.h"
#include "storage/engine.h"
#include "storage/report_store.h"

namespace frank::storage {

// What a row carries.
using OutboxItem = absl::variant<OutgoingReport, OutgoingAppeal>;

void PutOutboxRow(Transaction& transaction, uint64_t number,
                  const OutgoingReport& report);
void PutOutboxRow(Transaction& transaction, uint64_t number,
                  const OutgoingAppeal& appeal);

// Reads a row's value. kDataLoss when it is damaged.
absl::StatusOr<OutboxItem> ReadOutboxRow(absl::string_view value);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_OUTBOX_RECORD_H_

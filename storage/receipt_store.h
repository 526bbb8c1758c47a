// Receipts at the moderators: made once, when a report becomes durable.
#ifndef FRANK_STORAGE_RECEIPT_STORE_H_
#define FRANK_STORAGE_RECEIPT_STORE_H_

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "frank/storage/v1/reporter.pb.h"
#include "storage/engine.h"
#include "storage/moderation_schema.h"

namespace frank::storage {

// The receipt of a report, tracked.
absl::StatusOr<absl::optional<v1::ReceiptRecord>> FindReceipt(
    Transaction& transaction, const ReportRef& report);
void PutReceipt(Transaction& transaction, const ReportRef& report,
                const v1::ReceiptRecord& record);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_RECEIPT_STORE_H_

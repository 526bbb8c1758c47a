#include "storage/receipt_store.h"

#include "storage/record_table.h"
#include "storage/reporter_schema.h"

namespace frank::storage {

absl::StatusOr<absl::optional<v1::ReceiptRecord>> FindReceipt(
    Transaction& transaction, const ReportRef& report) {
  return FindRecord<v1::ReceiptRecord>(transaction, schema::ReceiptKey(report));
}

void PutReceipt(Transaction& transaction, const ReportRef& report,
                const v1::ReceiptRecord& record) {
  transaction.Put(schema::ReceiptKey(report), EncodeRecord(record));
}

}  // namespace frank::storage

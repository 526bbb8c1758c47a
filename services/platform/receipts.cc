#include "services/platform/receipts.h"

#include <set>
#include <string>
#include <utility>

#include "core/log.h"
#include "core/status.h"
#include "proto/receipts.h"
#include "services/common/receipt_record.h"
#include "storage/report_store.h"

namespace frank::platform {
namespace {

absl::Status StoreOne(const v1::Receipt& receipt, const ReportId& id,
                      storage::Transaction& transaction) {
  FRANK_ASSIGN_OR_RETURN(
      absl::optional<storage::ReportStatus> status,
      storage::FindReport(transaction, receipt.reporter_uri(), id));
  // Expired since it was sent.
  if (!status || status->receipt) return absl::OkStatus();
  if (status->fingerprint != receipt.sealed_sha256()) {
    Log(Severity::kError, "receipt_for_other_bytes",
        {LogField("report_id", id)});
    return absl::OkStatus();
  }
  status->receipt = services::ToRecord(receipt);
  storage::PutReport(transaction, receipt.reporter_uri(), id, *status);
  return absl::OkStatus();
}

}  // namespace

absl::Status StoreReceipts(const v1::ForwardResponse& answer,
                           storage::Transaction& transaction) {
  std::set<std::pair<std::string, std::string>> stored;
  for (const v1::Receipt& receipt : answer.receipt()) {
    absl::StatusOr<crypto::SignedReceipt> parsed = wire::FromProto(receipt);
    if (!parsed.ok()) {
      Log(Severity::kError, "receipt_malformed");
      continue;
    }
    // The transaction does not see its own writes.
    if (!stored.emplace(receipt.reporter_uri(), receipt.report_id()).second) {
      continue;
    }
    FRANK_RETURN_IF_ERROR(
        StoreOne(receipt, parsed->receipt.report_id, transaction));
  }
  return absl::OkStatus();
}

}  // namespace frank::platform

#include "client/receipts.h"

#include "core/status.h"
#include "proto/receipts.h"

namespace frank::client {

absl::StatusOr<crypto::SignedReceipt> OpenReceipt(
    const v1::Receipt& receipt, const ReportedAs& report,
    const crypto::Ed25519PublicKey& moderation) {
  FRANK_ASSIGN_OR_RETURN(crypto::SignedReceipt opened,
                         wire::FromProto(receipt));
  if (opened.receipt.report_id != report.report_id) {
    return FieldError("report_id", "must be that of the report");
  }
  if (opened.receipt.reporter_uri != report.reporter_uri) {
    return FieldError("reporter_uri", "must be the reporter's");
  }
  if (!report.sealed_sha256.empty() &&
      ByteSpan(opened.receipt.sealed_sha256) != report.sealed_sha256) {
    return FieldError("sealed_sha256", "must be that of what was sealed");
  }
  FRANK_RETURN_IF_ERROR(crypto::VerifyReceipt(opened, moderation));
  return opened;
}

}  // namespace frank::client

// Receipts, for reporters: moderation's signed word that it holds a report.
#ifndef FRANK_CLIENT_RECEIPTS_H_
#define FRANK_CLIENT_RECEIPTS_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "crypto/receipt.h"
#include "frank/v1/receipt.pb.h"

namespace frank::client {

// What a reporter knows of their own report, by which its receipt is checked.
struct ReportedAs {
  ReportId report_id;
  absl::string_view reporter_uri;
  // SHA-256 of the sealed bytes; empty where another device sealed them.
  ByteSpan sealed_sha256;
};

// Verifies that moderation signed this receipt, and for this report.
// kInvalidArgument when it is malformed or about something else;
// kUnauthenticated and kFailedPrecondition as crypto::VerifyReceipt.
absl::StatusOr<crypto::SignedReceipt> OpenReceipt(
    const v1::Receipt& receipt, const ReportedAs& report,
    const crypto::Ed25519PublicKey& moderation);

}  // namespace frank::client

#endif  // FRANK_CLIENT_RECEIPTS_H_

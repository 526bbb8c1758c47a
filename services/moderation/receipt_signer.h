// The keys that receipts are signed with (protocol section 7).
#ifndef FRANK_SERVICES_MODERATION_RECEIPT_SIGNER_H_
#define FRANK_SERVICES_MODERATION_RECEIPT_SIGNER_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "frank/storage/v1/reporter.pb.h"
#include "proto/receipts.h"
#include "storage/moderation_schema.h"

namespace frank::moderation {

// Signs with the key whose window holds the time of the receipt. Immutable,
// hence thread-safe.
class ReceiptSigner {
 public:
  explicit ReceiptSigner(std::vector<wire::ReceiptKey> keys)
      : keys_(std::move(keys)) {}

  // Signs that a report with this SHA-256 was received then. None when no key
  // holds the time: a report without a receipt is a report all the same.
  // kInternal if OpenSSL fails.
  absl::StatusOr<absl::optional<storage::v1::ReceiptRecord>> Sign(
      const storage::ReportRef& report, UnixMillis received_at,
      ByteSpan sealed_sha256) const;

  // Whether a receipt can be made at `now`.
  bool CanSignAt(UnixMillis now) const { return KeyAt(now) != nullptr; }

 private:
  const wire::ReceiptKey* KeyAt(UnixMillis time) const;

  const std::vector<wire::ReceiptKey> keys_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_RECEIPT_SIGNER_H_

#include "services/moderation/receipt_signer.h"

#include <algorithm>

#include "core/status.h"

namespace frank::moderation {

const wire::ReceiptKey* ReceiptSigner::KeyAt(UnixMillis time) const {
  auto found = std::find_if(
      keys_.begin(), keys_.end(),
      [&](const wire::ReceiptKey& key) { return key.record.Holds(time); });
  return found == keys_.end() ? nullptr : &*found;
}

absl::StatusOr<absl::optional<storage::v1::ReceiptRecord>> ReceiptSigner::Sign(
    const storage::ReportRef& report, UnixMillis received_at,
    ByteSpan sealed_sha256) const {
  const wire::ReceiptKey* key = KeyAt(received_at);
  if (key == nullptr) return absl::optional<storage::v1::ReceiptRecord>();
  crypto::Receipt receipt;
  receipt.report_id = report.id;
  receipt.reporter_uri = report.reporter_uri;
  receipt.received_at = received_at;
  receipt.sealed_sha256 = ToArray<sizeof(crypto::Sha256Digest)>(sealed_sha256);
  FRANK_ASSIGN_OR_RETURN(crypto::Signature signature,
                         crypto::SignReceipt(receipt, key->private_key));
  storage::v1::ReceiptRecord record;
  record.set_received_at(received_at);
  record.set_sealed_sha256(ToString(sealed_sha256));
  record.set_signature(ToString(signature));
  record.set_key_record(ToString(key->signed_record.record));
  record.set_key_signature(ToString(key->signed_record.signature));
  return absl::make_optional(std::move(record));
}

}  // namespace frank::moderation

// Receipts (protocol section 7): moderation's signed word that it holds a
// report, for whoever has moderation's identity key and nothing else.
#ifndef FRANK_CRYPTO_RECEIPT_H_
#define FRANK_CRYPTO_RECEIPT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/ids.h"
#include "crypto/hash.h"
#include "crypto/records.h"
#include "crypto/signature.h"

namespace frank::crypto {

// u64(not_before) || u64(not_after) || vec(public_key)
//                                               signed "FrankReceiptKeyTBS"
struct ReceiptKeyRecord {
  UnixMillis not_before;
  UnixMillis not_after;
  Ed25519PublicKey public_key;

  bool Holds(UnixMillis time) const {
    return not_before <= time && time < not_after;
  }
};
Bytes Serialize(const ReceiptKeyRecord& record);
// kInvalidArgument also on not_before >= not_after and on a key that no
// signature may be verified with.
absl::StatusOr<ReceiptKeyRecord> ParseReceiptKeyRecord(ByteSpan bytes);
absl::StatusOr<SignedRecord> Sign(const ReceiptKeyRecord& record,
                                  const Ed25519PrivateKey& moderation);

// report_id[16] || vec(reporter_uri) || u64(received_at) || sealed_sha256[32]
//                                                  signed "FrankReceiptTBS"
struct Receipt {
  ReportId report_id;
  std::string reporter_uri;
  // When the report became durable at moderation.
  UnixMillis received_at = 0;
  // SHA-256 of the sealed report: who has it can show that it is meant.
  Sha256Digest sealed_sha256{};
};
// A receipt with the signed record of the key that made it, so that it can be
// verified when that key is no longer published.
struct SignedReceipt {
  Receipt receipt;
  Signature signature{};
  SignedRecord key;
};

// Signs a receipt; the same receipt gives the same signature. kInvalidArgument
// on a bad URI.
absl::StatusOr<Signature> SignReceipt(const Receipt& receipt,
                                      const Ed25519PrivateKey& key);

// Verifies the record under moderation's identity key, then the receipt under
// the record's key, whose window must hold received_at. kInvalidArgument;
// kUnauthenticated when one of the two was not signed so;
// kFailedPrecondition outside the window. Says nothing about `now`: a receipt
// does not expire.
absl::Status VerifyReceipt(const SignedReceipt& receipt,
                           const Ed25519PublicKey& moderation);

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_RECEIPT_H_

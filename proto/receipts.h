// Receipts between the wire, files and crypto/, and the keys that sign them.
#ifndef FRANK_PROTO_RECEIPTS_H_
#define FRANK_PROTO_RECEIPTS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/receipt.h"
#include "frank/v1/receipt.pb.h"

namespace frank::wire {

// kInvalidArgument names the field whose length is wrong; verifies nothing.
absl::StatusOr<crypto::SignedReceipt> FromProto(const v1::Receipt& receipt);
v1::Receipt ToProto(const crypto::SignedReceipt& receipt);

// A receipt as a reporter keeps it: public, and whole in itself.
// kFailedPrecondition names the file and what is wrong; kAlreadyExists when
// there is a file already.
absl::StatusOr<crypto::SignedReceipt> LoadReceipt(const std::string& path);
absl::Status WriteReceipt(const std::string& path,
                          const crypto::SignedReceipt& receipt);

// A key of moderation's with the record that makes clients trust it.
struct ReceiptKey {
  crypto::Ed25519PrivateKey private_key;
  crypto::ReceiptKeyRecord record;
  crypto::SignedRecord signed_record;
};
// kFailedPrecondition names the file and what is wrong, also when the two do
// not belong together.
absl::StatusOr<ReceiptKey> LoadReceiptKey(const std::string& key_path,
                                          const std::string& record_path);

}  // namespace frank::wire

#endif  // FRANK_PROTO_RECEIPTS_H_

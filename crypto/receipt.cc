#include "crypto/receipt.h"

#include <utility>

#include "core/status.h"
#include "core/uri.h"
#include "crypto/encoding.h"

namespace frank::crypto {
namespace {

constexpr absl::string_view kReceiptKeyLabel = "FrankReceiptKeyTBS";
constexpr absl::string_view kReceiptLabel = "FrankReceiptTBS";

absl::StatusOr<Bytes> TbsOf(const Receipt& receipt) {
  FRANK_RETURN_IF_ERROR(CheckUri("reporter_uri", receipt.reporter_uri));
  return Encoder()
      .Raw(receipt.report_id.bytes())
      .Vec(absl::string_view(receipt.reporter_uri))
      .U64(receipt.received_at)
      .Raw(receipt.sealed_sha256)
      .Take();
}

}  // namespace

Bytes Serialize(const ReceiptKeyRecord& record) {
  return Encoder()
      .U64(record.not_before)
      .U64(record.not_after)
      .Vec(ByteSpan(record.public_key.bytes()))
      .Take();
}

absl::StatusOr<ReceiptKeyRecord> ParseReceiptKeyRecord(ByteSpan bytes) {
  Decoder decoder(bytes);
  FRANK_ASSIGN_OR_RETURN(UnixMillis not_before, decoder.U64("not_before"));
  FRANK_ASSIGN_OR_RETURN(UnixMillis not_after, decoder.U64("not_after"));
  FRANK_ASSIGN_OR_RETURN(ByteSpan key_bytes, decoder.Vec("public_key"));
  FRANK_RETURN_IF_ERROR(decoder.Finish("receipt_key_record"));
  if (not_before >= not_after) {
    return FieldError("not_after", "must be after not_before");
  }
  FRANK_ASSIGN_OR_RETURN(Ed25519PublicKey key,
                         Ed25519PublicKey::Create(key_bytes));
  return ReceiptKeyRecord{not_before, not_after, std::move(key)};
}

absl::StatusOr<SignedRecord> Sign(const ReceiptKeyRecord& record,
                                  const Ed25519PrivateKey& moderation) {
  Bytes bytes = Serialize(record);
  FRANK_RETURN_IF_ERROR(ParseReceiptKeyRecord(bytes).status());
  FRANK_ASSIGN_OR_RETURN(Signature signature,
                         moderation.SignWithLabel(kReceiptKeyLabel, bytes));
  return SignedRecord{std::move(bytes), signature};
}

absl::StatusOr<Signature> SignReceipt(const Receipt& receipt,
                                      const Ed25519PrivateKey& key) {
  FRANK_ASSIGN_OR_RETURN(Bytes tbs, TbsOf(receipt));
  return key.SignWithLabel(kReceiptLabel, tbs);
}

absl::Status VerifyReceipt(const SignedReceipt& receipt,
                           const Ed25519PublicKey& moderation) {
  FRANK_RETURN_IF_ERROR(moderation.VerifyWithLabel(
      kReceiptKeyLabel, receipt.key.record, receipt.key.signature));
  FRANK_ASSIGN_OR_RETURN(ReceiptKeyRecord key,
                         ParseReceiptKeyRecord(receipt.key.record));
  FRANK_ASSIGN_OR_RETURN(Bytes tbs, TbsOf(receipt.receipt));
  FRANK_RETURN_IF_ERROR(
      key.public_key.VerifyWithLabel(kReceiptLabel, tbs, receipt.signature));
  if (key.Holds(receipt.receipt.received_at)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "receipt: its time lies outside the window of its key");
}

}  // namespace frank::crypto

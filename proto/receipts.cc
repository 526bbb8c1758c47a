#include "proto/receipts.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "proto/files.h"

namespace frank::wire {
namespace {

constexpr size_t kSeedBytes = 32;
// Of a ReceiptKeyRecord, with room for the longest header.
constexpr size_t kMaxKeyRecordBytes = 64;

absl::Status Wrong(absl::string_view path, absl::string_view what) {
  return absl::FailedPreconditionError(absl::StrCat(path, ": ", what));
}

template <size_t N>
absl::Status Copy(absl::string_view field, const std::string& bytes,
                  std::array<uint8_t, N>* out) {
  if (bytes.size() != N) {
    return FieldError(field, absl::StrCat("must be ", N, " bytes"));
  }
  *out = ToArray<N>(AsBytes(bytes));
  return absl::OkStatus();
}

// Every field that is hex in a file, beside where it goes.
absl::Status ReadHex(absl::string_view field, const std::string& hex,
                     std::string* out) {
  absl::StatusOr<Bytes> bytes = FromHex(hex);
  if (!bytes.ok()) return FieldError(field, "must be hex");
  *out = ToString(*bytes);
  return absl::OkStatus();
}

absl::StatusOr<v1::Receipt> FromFile(const config::v1::SavedReceipt& file) {
  v1::Receipt receipt;
  FRANK_RETURN_IF_ERROR(
      ReadHex("report_id", file.report_id(), receipt.mutable_report_id()));
  receipt.set_reporter_uri(file.reporter_uri());
  receipt.set_received_at(file.received_at());
  FRANK_RETURN_IF_ERROR(ReadHex("sealed_sha256", file.sealed_sha256(),
                                receipt.mutable_sealed_sha256()));
  FRANK_RETURN_IF_ERROR(
      ReadHex("signature", file.signature(), receipt.mutable_signature()));
  FRANK_RETURN_IF_ERROR(
      ReadHex("key_record", file.key_record(), receipt.mutable_key_record()));
  FRANK_RETURN_IF_ERROR(ReadHex("key_signature", file.key_signature(),
                                receipt.mutable_key_signature()));
  return receipt;
}

}  // namespace

absl::StatusOr<crypto::SignedReceipt> FromProto(const v1::Receipt& receipt) {
  crypto::SignedReceipt out;
  FRANK_ASSIGN_OR_RETURN(out.receipt.report_id,
                         ReportId::Parse("report_id", receipt.report_id()));
  out.receipt.reporter_uri = receipt.reporter_uri();
  out.receipt.received_at = receipt.received_at();
  FRANK_RETURN_IF_ERROR(Copy("sealed_sha256", receipt.sealed_sha256(),
                             &out.receipt.sealed_sha256));
  FRANK_RETURN_IF_ERROR(Copy("signature", receipt.signature(), &out.signature));
  if (receipt.key_record().size() > kMaxKeyRecordBytes) {
    return FieldError("key_record", "is too long");
  }
  out.key.record = ToBytes(receipt.key_record());
  FRANK_RETURN_IF_ERROR(
      Copy("key_signature", receipt.key_signature(), &out.key.signature));
  return out;
}

v1::Receipt ToProto(const crypto::SignedReceipt& receipt) {
  v1::Receipt out;
  out.set_report_id(ToString(receipt.receipt.report_id.bytes()));
  out.set_reporter_uri(receipt.receipt.reporter_uri);
  out.set_received_at(receipt.receipt.received_at);
  out.set_sealed_sha256(ToString(receipt.receipt.sealed_sha256));
  out.set_signature(ToString(receipt.signature));
  out.set_key_record(ToString(receipt.key.record));
  out.set_key_signature(ToString(receipt.key.signature));
  return out;
}

absl::StatusOr<crypto::SignedReceipt> LoadReceipt(const std::string& path) {
  FRANK_ASSIGN_OR_RETURN(auto file,
                         ReadTextProto<config::v1::SavedReceipt>(path));
  absl::StatusOr<v1::Receipt> receipt = FromFile(file);
  if (!receipt.ok()) return Wrong(path, receipt.status().message());
  absl::StatusOr<crypto::SignedReceipt> parsed = FromProto(*receipt);
  if (!parsed.ok()) return Wrong(path, parsed.status().message());
  return parsed;
}

absl::Status WriteReceipt(const std::string& path,
                          const crypto::SignedReceipt& receipt) {
  config::v1::SavedReceipt file;
  file.set_report_id(receipt.receipt.report_id.Hex());
  file.set_reporter_uri(receipt.receipt.reporter_uri);
  file.set_received_at(receipt.receipt.received_at);
  file.set_sealed_sha256(ToHex(receipt.receipt.sealed_sha256));
  file.set_signature(ToHex(receipt.signature));
  file.set_key_record(ToHex(receipt.key.record));
  file.set_key_signature(ToHex(receipt.key.signature));
  return WriteFile(path, PrintTextProto(file), FileMode::kPublic);
}

absl::StatusOr<ReceiptKey> LoadReceiptKey(const std::string& key_path,
                                          const std::string& record_path) {
  FRANK_ASSIGN_OR_RETURN(crypto::Secret seed,
                         LoadSecretKey(key_path, "receipt", kSeedBytes));
  FRANK_ASSIGN_OR_RETURN(crypto::Ed25519PrivateKey key,
                         crypto::Ed25519PrivateKey::FromSeed(seed));
  FRANK_ASSIGN_OR_RETURN(crypto::SignedRecord signed_record,
                         LoadSignedRecord(record_path));
  absl::StatusOr<crypto::ReceiptKeyRecord> record =
      crypto::ParseReceiptKeyRecord(signed_record.record);
  if (!record.ok()) return Wrong(record_path, "must hold a ReceiptKeyRecord");
  if (record->public_key != key.public_key()) {
    return Wrong(key_path, absl::StrCat("does not belong to the record in ",
                                        record_path));
  }
  return ReceiptKey{std::move(key), *std::move(record),
                    std::move(signed_record)};
}

}  // namespace frank::wire

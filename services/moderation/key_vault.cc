#include "services/moderation/key_vault.h"

#include <utility>

#include "core/status.h"
#include "crypto/aead.h"
#include "crypto/hash.h"

namespace frank::moderation {
namespace {

using storage::v1::WrappedKeyRecord;

// The place of a wrapped key is its storage key; that of an evidence key names
// the case too, so no case's wrap opens under another.
absl::StatusOr<WrappedKeyRecord> Wrap(RandomSource& random, const DataKey& by,
                                      const CaseId* holder,
                                      absl::string_view place, ByteSpan key) {
  WrappedKeyRecord record;
  if (holder != nullptr) record.set_case_id(ToString(holder->bytes()));
  FRANK_ASSIGN_OR_RETURN(*record.mutable_ciphertext(),
                         by.Seal(random, place, key));
  return record;
}

absl::StatusOr<crypto::Secret> Unwrap(const DataKey& by,
                                      absl::string_view place,
                                      const storage::FoundWrap& found) {
  FRANK_RETURN_IF_ERROR(found.status());
  if (!found->has_value()) return absl::DataLossError("a wrapped key is gone");
  return by.Open(place, (*found)->ciphertext());
}

absl::StatusOr<DataKey> Present(absl::StatusOr<absl::optional<DataKey>> found) {
  FRANK_RETURN_IF_ERROR(found.status());
  if (!found->has_value()) return absl::DataLossError("a wrapped key is gone");
  return **std::move(found);
}

crypto::Secret DeriveWrappingKey(const crypto::Secret& master) {
  crypto::Sha256Digest derived = crypto::HmacKey(master.bytes())
                                     .Mac({AsBytes("frank master key, "
                                                   "AES-128-GCM")});
  crypto::Secret key =
      crypto::Secret::Copy(ByteSpan(derived).subspan(0, crypto::kAeadKeyBytes));
  crypto::Cleanse(absl::MakeSpan(derived));
  return key;
}

}  // namespace

absl::StatusOr<std::string> DataKey::Seal(RandomSource& random,
                                          absl::string_view aad,
                                          ByteSpan plaintext) const {
  std::string sealed(
      crypto::kAeadNonceBytes + plaintext.size() + crypto::kAeadTagBytes, '\0');
  absl::Span<uint8_t> out(reinterpret_cast<uint8_t*>(&sealed[0]),
                          sealed.size());
  absl::Span<uint8_t> nonce = out.subspan(0, crypto::kAeadNonceBytes);
  random.Fill(nonce);
  FRANK_RETURN_IF_ERROR(crypto::AeadSeal(key_.bytes(), nonce, AsBytes(aad),
                                         plaintext,
                                         out.subspan(crypto::kAeadNonceBytes)));
  return sealed;
}

absl::StatusOr<crypto::Secret> DataKey::Open(absl::string_view aad,
                                             absl::string_view sealed) const {
  constexpr size_t kOverhead = crypto::kAeadNonceBytes + crypto::kAeadTagBytes;
  ByteSpan bytes = AsBytes(sealed);
  if (bytes.size() < kOverhead) {
    return absl::DataLossError("a ciphertext is too short");
  }
  crypto::Secret plaintext = crypto::Secret::OfSize(bytes.size() - kOverhead);
  absl::Status opened = crypto::AeadOpen(
      key_.bytes(), bytes.subspan(0, crypto::kAeadNonceBytes), AsBytes(aad),
      bytes.subspan(crypto::kAeadNonceBytes), plaintext.mutable_bytes());
  if (!opened.ok()) return absl::DataLossError("a ciphertext does not open");
  return plaintext;
}

crypto::Sha256Digest DataKey::Mac(absl::string_view label,
                                  ByteSpan bytes) const {
  return crypto::HmacKey(key_.bytes()).Mac({AsBytes(label), bytes});
}

KeyVault::KeyVault(const crypto::Secret& master, RandomSource& random)
    : master_(DeriveWrappingKey(master)), random_(random) {}

DataKey KeyVault::NewKey() const {
  return DataKey(crypto::Secret::Random(random_, crypto::kAeadKeyBytes));
}

absl::StatusOr<DataKey> KeyVault::AddCaseKey(storage::Transaction& transaction,
                                             const CaseId& id) const {
  DataKey key = NewKey();
  FRANK_ASSIGN_OR_RETURN(
      WrappedKeyRecord wrap,
      Wrap(random_, master_, nullptr, storage::schema::WrappedCaseKey(id),
           key.key_.bytes()));
  storage::PutCaseKey(transaction, id, wrap);
  return key;
}

absl::StatusOr<absl::optional<DataKey>> KeyVault::OpenCaseKey(
    const CaseId& id, const storage::FoundWrap& found) const {
  FRANK_RETURN_IF_ERROR(found.status());
  if (!found->has_value()) return absl::optional<DataKey>();
  FRANK_ASSIGN_OR_RETURN(
      crypto::Secret key,
      Unwrap(master_, storage::schema::WrappedCaseKey(id), found));
  return absl::optional<DataKey>(DataKey(std::move(key)));
}

absl::StatusOr<absl::optional<DataKey>> KeyVault::FindCaseKey(
    storage::Transaction& transaction, const CaseId& id) const {
  return OpenCaseKey(id, storage::FindCaseKey(transaction, id));
}

absl::StatusOr<absl::optional<DataKey>> KeyVault::FindCaseKey(
    storage::Engine& engine, const CaseId& id) const {
  return OpenCaseKey(id, storage::FindCaseKey(engine, id));
}

absl::StatusOr<DataKey> KeyVault::CaseKey(storage::Transaction& transaction,
                                          const CaseId& id) const {
  return Present(FindCaseKey(transaction, id));
}

absl::StatusOr<DataKey> KeyVault::CaseKey(storage::Engine& engine,
                                          const CaseId& id) const {
  return Present(FindCaseKey(engine, id));
}

absl::Status KeyVault::ShareEvidenceKey(storage::Transaction& transaction,
                                        const storage::EvidenceId& id,
                                        const CaseId& holder,
                                        const DataKey& case_key,
                                        const DataKey& key) const {
  FRANK_ASSIGN_OR_RETURN(
      WrappedKeyRecord wrap,
      Wrap(random_, case_key, &holder,
           storage::schema::WrappedEvidenceKey(id, holder), key.key_.bytes()));
  storage::PutEvidenceKey(transaction, id, holder, wrap);
  return absl::OkStatus();
}

absl::StatusOr<DataKey> KeyVault::EvidenceKey(storage::Transaction& transaction,
                                              const storage::EvidenceId& id,
                                              const CaseId& holder) const {
  FRANK_ASSIGN_OR_RETURN(DataKey case_key, CaseKey(transaction, holder));
  FRANK_ASSIGN_OR_RETURN(
      crypto::Secret key,
      Unwrap(case_key, storage::schema::WrappedEvidenceKey(id, holder),
             storage::FindEvidenceKey(transaction, id, holder)));
  return DataKey(std::move(key));
}

absl::StatusOr<DataKey> KeyVault::EvidenceKey(storage::Engine& engine,
                                              const storage::EvidenceId& id,
                                              const CaseId& holder,
                                              const DataKey& case_key) const {
  FRANK_ASSIGN_OR_RETURN(
      crypto::Secret key,
      Unwrap(case_key, storage::schema::WrappedEvidenceKey(id, holder),
             storage::FindEvidenceKey(engine, id, holder)));
  return DataKey(std::move(key));
}

absl::Status KeyVault::PutReportKey(storage::Transaction& transaction,
                                    const storage::ReportRef& report,
                                    const DataKey& key) const {
  FRANK_ASSIGN_OR_RETURN(
      WrappedKeyRecord wrap,
      Wrap(random_, master_, nullptr, storage::schema::WrappedReportKey(report),
           key.key_.bytes()));
  storage::PutReportDataKey(transaction, report, wrap);
  return absl::OkStatus();
}

absl::Status KeyVault::PutReportKey(storage::Transaction& transaction,
                                    const storage::ReportRef& report,
                                    const DataKey& key, const CaseId& holder,
                                    const DataKey& case_key) const {
  FRANK_ASSIGN_OR_RETURN(
      WrappedKeyRecord wrap,
      Wrap(random_, case_key, &holder,
           storage::schema::WrappedReportKey(report), key.key_.bytes()));
  storage::PutReportDataKey(transaction, report, wrap);
  return absl::OkStatus();
}

absl::StatusOr<DataKey> KeyVault::ReportKey(
    storage::Engine& engine, const storage::ReportRef& report) const {
  storage::FoundWrap found = storage::FindReportDataKey(engine, report);
  std::string place = storage::schema::WrappedReportKey(report);
  if (found.ok() && found->has_value() && !(*found)->case_id().empty()) {
    FRANK_ASSIGN_OR_RETURN(CaseId holder,
                           CaseId::Parse("case_id", (*found)->case_id()));
    FRANK_ASSIGN_OR_RETURN(DataKey case_key, CaseKey(engine, holder));
    FRANK_ASSIGN_OR_RETURN(crypto::Secret key, Unwrap(case_key, place, found));
    return DataKey(std::move(key));
  }
  FRANK_ASSIGN_OR_RETURN(crypto::Secret key, Unwrap(master_, place, found));
  return DataKey(std::move(key));
}

}  // namespace frank::moderation

#include "services/moderation/export_words.h"

#include "core/limits.h"
#include "core/status.h"
#include "storage/evidence_package_schema.h"

namespace frank::moderation {

using storage::v1::ExportRecord;
using storage::v1::ExportWords;

namespace {

UnixMillis ExpiryOf(const ExportRecord& record) {
  return record.released_at() == 0
             ? record.requested_at() + limits::kExportReleasePeriod
             : record.released_at() + limits::kExportFetchPeriod;
}

}  // namespace

v1::ExportState StateOf(const ExportRecord& record, UnixMillis now) {
  if (record.cancelled_at() != 0) return v1::EXPORT_STATE_CANCELLED;
  if (now >= ExpiryOf(record)) return v1::EXPORT_STATE_EXPIRED;
  return record.released_at() == 0 ? v1::EXPORT_STATE_WAITING
                                   : v1::EXPORT_STATE_RELEASED;
}

CaseId CaseOf(const ExportRecord& record) {
  return CaseId(ToArray<CaseId::kSize>(AsBytes(record.case_id())));
}

absl::StatusOr<std::string> SealExportWords(const KeyVault& vault,
                                            const DataKey& case_key,
                                            const ExportId& id,
                                            const ExportWords& words) {
  return case_key.Seal(vault.random(), storage::schema::ExportKey(id),
                       AsBytes(words.SerializeAsString()));
}

absl::StatusOr<ExportWords> OpenExportWords(const DataKey& case_key,
                                            const ExportId& id,
                                            const ExportRecord& record) {
  FRANK_ASSIGN_OR_RETURN(
      crypto::Secret plain,
      case_key.Open(storage::schema::ExportKey(id), record.words_ciphertext()));
  ExportWords words;
  if (!words.ParseFromArray(plain.bytes().data(),
                            static_cast<int>(plain.size()))) {
    return absl::DataLossError("the words of an export do not parse");
  }
  return words;
}

v1::Export ToProto(const ExportId& id, const ExportRecord& record,
                   UnixMillis now) {
  v1::Export proto;
  proto.set_export_id(ToString(id.bytes()));
  proto.set_case_id(record.case_id());
  proto.set_state(StateOf(record, now));
  proto.set_requested_by(record.requested_by());
  proto.set_requested_at(record.requested_at());
  proto.set_released_by(record.released_by());
  proto.set_released_at(record.released_at());
  proto.set_cancelled_by(record.cancelled_by());
  proto.set_cancelled_at(record.cancelled_at());
  proto.set_expires_at(ExpiryOf(record));
  proto.set_recipient_key(record.recipient_key());
  proto.set_fetch_count(record.fetch_count());
  proto.set_fetched_at(record.fetched_at());
  proto.set_package_sha256(record.package_sha256());
  return proto;
}

}  // namespace frank::moderation

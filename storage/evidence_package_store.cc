#include "storage/evidence_package_store.h"

#include <utility>

#include "core/bytes.h"
#include "core/status.h"
#include "storage/evidence_package_schema.h"
#include "storage/record_table.h"

namespace frank::storage {

absl::StatusOr<absl::optional<v1::ExportRecord>> FindExport(
    Transaction& transaction, const ExportId& id) {
  return FindRecord<v1::ExportRecord>(transaction, schema::ExportKey(id));
}
absl::StatusOr<absl::optional<v1::ExportRecord>> FindExport(
    Engine& engine, const ExportId& id) {
  return FindRecord<v1::ExportRecord>(engine, schema::ExportKey(id));
}

void AddExport(Transaction& transaction, const ExportId& id,
               const v1::ExportRecord& record) {
  CaseId case_id(ToArray<CaseId::kSize>(AsBytes(record.case_id())));
  std::string place = EncodeRecord(v1::ExportPlaceRecord());
  transaction.Put(schema::ExportPlaceKey(record.requested_at(), id), place);
  transaction.Put(schema::CaseExportKey(case_id, record.requested_at(), id),
                  place);
  PutExport(transaction, id, record);
}
void PutExport(Transaction& transaction, const ExportId& id,
               const v1::ExportRecord& record) {
  transaction.Put(schema::ExportKey(id), EncodeRecord(record));
}

absl::StatusOr<ExportPage> ListExports(Engine& engine,
                                       const absl::optional<CaseId>& case_id,
                                       absl::string_view after, size_t limit) {
  KeyRange range =
      case_id ? schema::CaseExports(*case_id) : schema::ExportPlaces();
  if (!after.empty()) {
    if (!range.Contains(after)) {
      return FieldError("page_token", "must be one that was returned");
    }
    range.begin = ToString(AsBytes(after)) + '\0';
  }
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(range, limit));
  ExportPage page;
  for (const KeyValue& entry : found) {
    StoredExport stored;
    FRANK_ASSIGN_OR_RETURN(stored.id, schema::TrailingExportId(entry.key));
    FRANK_ASSIGN_OR_RETURN(auto record, FindExport(engine, stored.id));
    if (!record) return absl::DataLossError("a listed export is missing");
    stored.record = *std::move(record);
    page.exports.push_back(std::move(stored));
  }
  if (found.size() == limit) page.next = found.back().key;
  return page;
}

}  // namespace frank::storage

#include "storage/wrapped_key_store.h"

#include "storage/record_table.h"

namespace frank::storage {

FoundWrap FindCaseKey(Transaction& transaction, const CaseId& id) {
  return FindRecord<v1::WrappedKeyRecord>(transaction,
                                          schema::WrappedCaseKey(id));
}
FoundWrap FindCaseKey(Engine& engine, const CaseId& id) {
  return FindRecord<v1::WrappedKeyRecord>(engine, schema::WrappedCaseKey(id));
}
void PutCaseKey(Transaction& transaction, const CaseId& id,
                const v1::WrappedKeyRecord& wrap) {
  transaction.Put(schema::WrappedCaseKey(id), EncodeRecord(wrap));
}

FoundWrap FindEvidenceKey(Transaction& transaction, const EvidenceId& id,
                          const CaseId& holder) {
  return FindRecord<v1::WrappedKeyRecord>(
      transaction, schema::WrappedEvidenceKey(id, holder));
}
FoundWrap FindEvidenceKey(Engine& engine, const EvidenceId& id,
                          const CaseId& holder) {
  return FindRecord<v1::WrappedKeyRecord>(
      engine, schema::WrappedEvidenceKey(id, holder));
}
void PutEvidenceKey(Transaction& transaction, const EvidenceId& id,
                    const CaseId& holder, const v1::WrappedKeyRecord& wrap) {
  transaction.Put(schema::WrappedEvidenceKey(id, holder), EncodeRecord(wrap));
}

FoundWrap FindReportDataKey(Engine& engine, const ReportRef& report) {
  return FindRecord<v1::WrappedKeyRecord>(engine,
                                          schema::WrappedReportKey(report));
}
void PutReportDataKey(Transaction& transaction, const ReportRef& report,
                      const v1::WrappedKeyRecord& wrap) {
  transaction.Put(schema::WrappedReportKey(report), EncodeRecord(wrap));
}

void DeleteCaseKey(Transaction& transaction, const CaseId& id) {
  transaction.Delete(schema::WrappedCaseKey(id));
}
void DeleteEvidenceKey(Transaction& transaction, const EvidenceId& id,
                       const CaseId& holder) {
  transaction.Delete(schema::WrappedEvidenceKey(id, holder));
}
void DeleteReportDataKey(Transaction& transaction, const ReportRef& report) {
  transaction.Delete(schema::WrappedReportKey(report));
}
absl::Status PurgeDeletedKeys(Engine& engine) {
  return engine.Purge(KeyRange::Prefix(schema::kWrappedKeyPrefix));
}

}  // namespace frank::storage

#include "storage/case_store.h"

#include "core/status.h"
#include "storage/case_change_store.h"
#include "storage/case_index.h"
#include "storage/queue_schema.h"
#include "storage/record_table.h"

namespace frank::storage {
namespace {

// The value of a report of a case; empty when it proves nothing.
constexpr char kProves[] = "\x01";

absl::StatusOr<std::vector<CaseReport>> ScanReports(
    Engine& engine, const KeyRange& range, size_t limit,
    ScanOrder order = ScanOrder::kAscending, std::string* last = nullptr) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(range, limit, order));
  if (last != nullptr && !found.empty()) *last = found.back().key;
  std::vector<CaseReport> reports;
  reports.reserve(found.size());
  for (const KeyValue& entry : found) {
    FRANK_ASSIGN_OR_RETURN(ReportRef report,
                           schema::ParseCaseReport(entry.key));
    reports.push_back(CaseReport{std::move(report), entry.value == kProves});
  }
  return reports;
}

}  // namespace

bool IsClaimable(uint32_t state) {
  return state == kCaseOpen || state == kCaseAppealed;
}

bool TakesReports(uint32_t state) {
  return state == kCaseOpen || state == kCaseOnHold ||
         state == kCaseAwaitingApproval;
}

bool IsErased(uint32_t state) {
  return state == kCaseShredding || state == kCaseShredded;
}

absl::StatusOr<absl::optional<v1::CaseRecord>> FindCase(
    Transaction& transaction, const CaseId& id) {
  return FindRecord<v1::CaseRecord>(transaction, schema::CaseKey(id));
}

absl::StatusOr<absl::optional<v1::CaseRecord>> FindCase(Engine& engine,
                                                        const CaseId& id) {
  return FindRecord<v1::CaseRecord>(engine, schema::CaseKey(id));
}

absl::Status PutCase(Transaction& transaction, const CaseId& id,
                     const v1::CaseRecord* before, v1::CaseRecord* after) {
  after->set_revision(after->revision() + 1);
  FRANK_RETURN_IF_ERROR(MoveCaseRows(transaction, id, before, *after));
  LogChange(transaction, id, before, *after);
  if (before == nullptr) {
    transaction.Put(
        schema::CaseHistoryKey(after->accused_uri(), after->policy_area(),
                               after->opened_at(), id),
        "");
  }
  transaction.Put(schema::CaseKey(id), EncodeRecord(*after));
  return absl::OkStatus();
}

void PutLease(Transaction& transaction, const CaseId& id,
              const v1::CaseRecord& before, const v1::CaseRecord& after) {
  transaction.Delete(schema::LeasedCaseKey(before.lease().expires_at(), id));
  transaction.Put(schema::LeasedCaseKey(after.lease().expires_at(), id), "");
  transaction.Put(schema::CaseKey(id), EncodeRecord(after));
}

absl::StatusOr<absl::optional<CaseId>> FindOpenCase(Transaction& transaction,
                                                    absl::string_view accused,
                                                    absl::string_view area) {
  FRANK_ASSIGN_OR_RETURN(absl::optional<std::string> found,
                         transaction.Get(schema::OpenCaseKey(accused, area)));
  if (!found) return absl::optional<CaseId>();
  FRANK_ASSIGN_OR_RETURN(CaseId id, schema::TrailingCaseId(*found));
  return absl::make_optional(id);
}

void PutOpenCase(Transaction& transaction, const CaseId& id,
                 const v1::CaseRecord& record) {
  transaction.Put(
      schema::OpenCaseKey(record.accused_uri(), record.policy_area()),
      std::string(id.text()));
}

absl::StatusOr<absl::optional<CaseId>> FindNewestCase(Engine& engine,
                                                      absl::string_view accused,
                                                      absl::string_view area) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(schema::CaseHistory(accused, area), 1,
                                     ScanOrder::kDescending));
  if (found.empty()) return absl::optional<CaseId>();
  FRANK_ASSIGN_OR_RETURN(CaseId id, schema::TrailingCaseId(found[0].key));
  return absl::make_optional(id);
}

void PutCaseReport(Transaction& transaction, const CaseId& id,
                   UnixMillis accepted_at, const CaseReport& report) {
  transaction.Put(schema::CaseReportKey(id, accepted_at, report.report),
                  report.proves ? kProves : "");
}

void DeleteCaseReport(Transaction& transaction, const CaseId& id,
                      UnixMillis accepted_at, const ReportRef& report) {
  transaction.Delete(schema::CaseReportKey(id, accepted_at, report));
}

absl::StatusOr<std::vector<CaseReport>> ListCaseReports(Engine& engine,
                                                        const CaseId& id) {
  return ScanReports(engine, schema::CaseReports(id), kNoLimit);
}

absl::StatusOr<std::vector<CaseReport>> ListNewestCaseReports(Engine& engine,
                                                              const CaseId& id,
                                                              size_t limit) {
  return ScanReports(engine, schema::CaseReports(id), limit,
                     ScanOrder::kDescending);
}

absl::StatusOr<std::vector<CaseReport>> ScanCaseReports(Engine& engine,
                                                        const CaseId& id,
                                                        size_t limit,
                                                        std::string* position) {
  KeyRange range = schema::CaseReports(id);
  if (!position->empty()) range.begin = *position + '\0';
  return ScanReports(engine, range, limit, ScanOrder::kAscending, position);
}

absl::StatusOr<bool> IsProvenReporter(Transaction& transaction,
                                      const CaseId& id,
                                      absl::string_view reporter) {
  FRANK_ASSIGN_OR_RETURN(
      absl::optional<std::string> found,
      transaction.Get(schema::ProvenReporterKey(id, reporter)));
  return found.has_value();
}

void AddProvenReporter(Transaction& transaction, const CaseId& id,
                       absl::string_view reporter) {
  transaction.Put(schema::ProvenReporterKey(id, reporter), "");
}

void AddCaseNote(Transaction& transaction, const CaseId& id, const NoteId& note,
                 const v1::CaseNoteRecord& record) {
  std::string key = schema::CaseNoteKey(id, record.written_at(), note);
  transaction.Put(key, EncodeRecord(record));
  transaction.Put(schema::NoteMarkKey(id, note), key);
}

absl::StatusOr<absl::optional<StoredNote>> FindCaseNote(
    Transaction& transaction, const CaseId& id, const NoteId& note) {
  FRANK_ASSIGN_OR_RETURN(absl::optional<std::string> key,
                         transaction.Get(schema::NoteMarkKey(id, note)));
  if (!key) return absl::optional<StoredNote>();
  FRANK_ASSIGN_OR_RETURN(auto record,
                         FindRecord<v1::CaseNoteRecord>(transaction, *key));
  if (!record) return absl::DataLossError("a note of a case is missing");
  return absl::make_optional(StoredNote{note, *std::move(record)});
}

void DeleteCaseNote(Transaction& transaction, const CaseId& id,
                    const StoredNote& note) {
  transaction.Delete(
      schema::CaseNoteKey(id, note.record.written_at(), note.id));
  transaction.Delete(schema::NoteMarkKey(id, note.id));
}

std::string NotePositionOf(const StoredNote& note) {
  std::string position;
  AppendU64(note.record.written_at(), &position);
  return position + ToString(note.id.bytes());
}

absl::StatusOr<std::vector<StoredNote>> ListNewestCaseNotes(
    Engine& engine, const CaseId& id, absl::string_view before, size_t limit) {
  KeyRange range = schema::CaseNotes(id);
  if (!before.empty()) range.end = range.begin + ToString(AsBytes(before));
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(range, limit, ScanOrder::kDescending));
  std::vector<StoredNote> notes;
  for (const KeyValue& entry : found) {
    StoredNote note;
    FRANK_ASSIGN_OR_RETURN(note.id, schema::TrailingNoteId(entry.key));
    FRANK_ASSIGN_OR_RETURN(note.record,
                           DecodeRecord<v1::CaseNoteRecord>(entry.value));
    notes.push_back(std::move(note));
  }
  return notes;
}

}  // namespace frank::storage

#include "storage/case_store.h"

#include "core/status.h"
#include "storage/record_table.h"

namespace frank::storage {
namespace {

// The value of a report of a case; empty when it proves nothing.
constexpr char kProves[] = "\x01";

// Where claims look for the case.
std::string ClaimKey(const CaseId& id, const v1::CaseRecord& record) {
  if (!IsClaimable(record.state())) return "";
  if (record.lease().holder().empty()) {
    return schema::FreeCaseKey(record.severity(), record.deadline(), id);
  }
  return schema::LeasedCaseKey(record.lease().expires_at(), id);
}

std::string ListKey(const CaseId& id, const v1::CaseRecord& record) {
  return schema::ListedCaseKey(record.state(), record.severity(),
                               record.deadline(), id);
}

std::string OpenKey(const v1::CaseRecord& record) {
  if (!TakesReports(record.state())) return "";
  return schema::OpenCaseKey(record.accused_uri(), record.policy_area());
}

void Move(Transaction& transaction, const std::string& from,
          const std::string& to, absl::string_view value) {
  if (from == to) return;
  if (!from.empty()) transaction.Delete(from);
  if (!to.empty()) transaction.Put(to, value);
}

// The index key without the bucket and the id: severity and minute.
absl::string_view PriorityOf(absl::string_view free_case_key) {
  return free_case_key.substr(0, free_case_key.size() - CaseId::kSize - 1);
}

}  // namespace

bool IsClaimable(uint32_t state) {
  return state == kCaseOpen || state == kCaseAppealed;
}

bool TakesReports(uint32_t state) {
  return state == kCaseOpen || state == kCaseOnHold ||
         state == kCaseAwaitingApproval;
}

absl::StatusOr<absl::optional<v1::CaseRecord>> FindCase(
    Transaction& transaction, const CaseId& id) {
  return FindRecord<v1::CaseRecord>(transaction, schema::CaseKey(id));
}

absl::StatusOr<absl::optional<v1::CaseRecord>> FindCase(Engine& engine,
                                                        const CaseId& id) {
  return FindRecord<v1::CaseRecord>(engine, schema::CaseKey(id));
}

void PutCase(Transaction& transaction, const CaseId& id,
             const v1::CaseRecord* before, const v1::CaseRecord& after) {
  Move(transaction, before ? ClaimKey(id, *before) : "", ClaimKey(id, after),
       "");
  Move(transaction, before ? ListKey(id, *before) : "", ListKey(id, after), "");
  Move(transaction, before ? OpenKey(*before) : "", OpenKey(after), id.text());
  if (before == nullptr) {
    transaction.Put(
        schema::CaseHistoryKey(after.accused_uri(), after.policy_area(),
                               after.opened_at(), id),
        "");
  }
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

absl::StatusOr<FreeCases> ScanFreeCases(Engine& engine, size_t limit) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(schema::FreeCases(), limit));
  FreeCases free;
  for (const KeyValue& entry : found) {
    FRANK_ASSIGN_OR_RETURN(CaseId id, schema::TrailingCaseId(entry.key));
    free.id.push_back(id);
    if (PriorityOf(entry.key) == PriorityOf(found.front().key)) ++free.tied;
  }
  return free;
}

absl::StatusOr<std::vector<CaseId>> ScanLapsedCases(Engine& engine,
                                                    UnixMillis now,
                                                    size_t limit) {
  std::vector<CaseId> lapsed;
  for (uint8_t bucket = 0; bucket < schema::kBuckets; ++bucket) {
    FRANK_ASSIGN_OR_RETURN(
        std::vector<KeyValue> found,
        engine.Scan(schema::LeasedCases(bucket, now), limit));
    for (const KeyValue& entry : found) {
      FRANK_ASSIGN_OR_RETURN(CaseId id, schema::TrailingCaseId(entry.key));
      lapsed.push_back(id);
    }
  }
  return lapsed;
}

absl::StatusOr<CasePage> ListCases(Engine& engine, uint32_t state,
                                   absl::string_view after, size_t limit) {
  KeyRange range = schema::ListedCases(state);
  if (!after.empty()) {
    // The first key behind the one that ended the last page.
    range.begin.append(after.data(), after.size());
    range.begin.push_back('\0');
  }
  size_t prefix = schema::ListedCases(state).begin.size();
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(range, limit + 1));
  CasePage page;
  for (const KeyValue& entry : found) {
    if (page.cases.size() == limit) break;
    StoredCase stored;
    FRANK_ASSIGN_OR_RETURN(stored.id, schema::TrailingCaseId(entry.key));
    FRANK_ASSIGN_OR_RETURN(auto record, FindCase(engine, stored.id));
    page.next = entry.key.substr(prefix);
    // Gone between the two reads.
    if (!record) continue;
    stored.record = *std::move(record);
    page.cases.push_back(std::move(stored));
  }
  if (found.size() <= limit) page.next.clear();
  return page;
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
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(schema::CaseReports(id)));
  std::vector<CaseReport> reports;
  reports.reserve(found.size());
  for (const KeyValue& entry : found) {
    FRANK_ASSIGN_OR_RETURN(ReportRef report,
                           schema::ParseCaseReport(entry.key));
    reports.push_back(CaseReport{std::move(report), entry.value == kProves});
  }
  return reports;
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
  transaction.Put(schema::CaseNoteKey(id, record.written_at(), note),
                  EncodeRecord(record));
}

absl::StatusOr<std::vector<StoredNote>> ListCaseNotes(Engine& engine,
                                                      const CaseId& id) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(schema::CaseNotes(id)));
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

absl::StatusOr<absl::optional<v1::DecisionRecord>> FindDecision(
    Transaction& transaction, const DecisionId& id) {
  return FindRecord<v1::DecisionRecord>(transaction, schema::DecisionKey(id));
}

void AddDecision(Transaction& transaction, const CaseId& case_id,
                 const DecisionId& id, const v1::DecisionRecord& record) {
  transaction.Put(schema::DecisionKey(id), EncodeRecord(record));
  transaction.Put(schema::CaseDecisionKey(case_id, record.decided_at(), id),
                  "");
}

absl::StatusOr<std::vector<StoredDecision>> ListDecisions(Engine& engine,
                                                          const CaseId& id) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(schema::CaseDecisions(id)));
  std::vector<StoredDecision> decisions;
  for (const KeyValue& entry : found) {
    StoredDecision decision;
    FRANK_ASSIGN_OR_RETURN(decision.id, schema::TrailingDecisionId(entry.key));
    FRANK_ASSIGN_OR_RETURN(auto record,
                           FindRecord<v1::DecisionRecord>(
                               engine, schema::DecisionKey(decision.id)));
    if (!record) return absl::DataLossError("a decision is missing");
    decision.record = *std::move(record);
    decisions.push_back(std::move(decision));
  }
  return decisions;
}

}  // namespace frank::storage

// Cases and what hangs on one: its places in the indexes, its reports and
// notes.
//
// A case record is written through PutCase and PutLease alone, which keep its
// index rows in step (case_index.h) and log the change (case_change_store.h).
#ifndef FRANK_STORAGE_CASE_STORE_H_
#define FRANK_STORAGE_CASE_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/ids.h"
#include "frank/storage/v1/moderation.pb.h"
#include "storage/engine.h"
#include "storage/moderation_schema.h"

namespace frank::storage {

// States on disk; never renumbered.
inline constexpr uint32_t kCaseOpen = 1;
inline constexpr uint32_t kCaseDecided = 2;
inline constexpr uint32_t kCaseOnHold = 3;
inline constexpr uint32_t kCaseAwaitingApproval = 4;
inline constexpr uint32_t kCaseAppealed = 5;
inline constexpr uint32_t kCaseDuplicate = 6;
inline constexpr uint32_t kCaseShredding = 7;
inline constexpr uint32_t kCaseShredded = 8;
inline constexpr uint32_t kCaseStates[] = {
    kCaseOpen,     kCaseDecided,   kCaseOnHold,    kCaseAwaitingApproval,
    kCaseAppealed, kCaseDuplicate, kCaseShredding, kCaseShredded};

// Whether somebody may take a case of this state, and whether further reports
// about the same account and policy area join it.
bool IsClaimable(uint32_t state);
bool TakesReports(uint32_t state);
// Whether its content is gone, or going.
bool IsErased(uint32_t state);

struct StoredCase {
  CaseId id;
  v1::CaseRecord record;
};

// One case; the first is tracked.
absl::StatusOr<absl::optional<v1::CaseRecord>> FindCase(
    Transaction& transaction, const CaseId& id);
absl::StatusOr<absl::optional<v1::CaseRecord>> FindCase(Engine& engine,
                                                        const CaseId& id);

// Writes a case: raises its revision, moves the index rows from where `before`
// has them (null for a new case), and logs the change. A transaction writes
// each case once.
absl::Status PutCase(Transaction& transaction, const CaseId& id,
                     const v1::CaseRecord* before, v1::CaseRecord* after);
// Writes a case of which the time of the lease alone has changed: that is no
// new revision.
void PutLease(Transaction& transaction, const CaseId& id,
              const v1::CaseRecord& before, const v1::CaseRecord& after);

// The case that takes reports about an account in a policy area; tracked.
absl::StatusOr<absl::optional<CaseId>> FindOpenCase(Transaction& transaction,
                                                    absl::string_view accused,
                                                    absl::string_view area);

// Makes a case the one that takes reports, after another of the same account
// and area in the same transaction has ceased to.
void PutOpenCase(Transaction& transaction, const CaseId& id,
                 const v1::CaseRecord& record);

// The newest case of an account in a policy area, whatever its state;
// untracked.
absl::StatusOr<absl::optional<CaseId>> FindNewestCase(Engine& engine,
                                                      absl::string_view accused,
                                                      absl::string_view area);

// The reports of a case, by the time of their acceptance: all of them, or some
// of the newest, newest first.
struct CaseReport {
  ReportRef report;
  // Whether it proves a message of the accused.
  bool proves = false;
};
void PutCaseReport(Transaction& transaction, const CaseId& id,
                   UnixMillis accepted_at, const CaseReport& report);
void DeleteCaseReport(Transaction& transaction, const CaseId& id,
                      UnixMillis accepted_at, const ReportRef& report);
absl::StatusOr<std::vector<CaseReport>> ListCaseReports(Engine& engine,
                                                        const CaseId& id);
absl::StatusOr<std::vector<CaseReport>> ListNewestCaseReports(Engine& engine,
                                                              const CaseId& id,
                                                              size_t limit);
// Some of the oldest behind a position, empty for the start, which is moved to
// the last of them.
absl::StatusOr<std::vector<CaseReport>> ScanCaseReports(Engine& engine,
                                                        const CaseId& id,
                                                        size_t limit,
                                                        std::string* position);

// Whether a reporter of proven messages is counted already; tracked.
absl::StatusOr<bool> IsProvenReporter(Transaction& transaction,
                                      const CaseId& id,
                                      absl::string_view reporter);
void AddProvenReporter(Transaction& transaction, const CaseId& id,
                       absl::string_view reporter);

void AddCaseNote(Transaction& transaction, const CaseId& id, const NoteId& note,
                 const v1::CaseNoteRecord& record);
struct StoredNote {
  NoteId id;
  v1::CaseNoteRecord record;
};
// The note of this id, if one was written; tracked.
absl::StatusOr<absl::optional<StoredNote>> FindCaseNote(
    Transaction& transaction, const CaseId& id, const NoteId& note);
// Where a note stands among those of its case: sorts by time.
std::string NotePositionOf(const StoredNote& note);
// The newest before a position, empty for the end, newest first.
absl::StatusOr<std::vector<StoredNote>> ListNewestCaseNotes(
    Engine& engine, const CaseId& id, absl::string_view before, size_t limit);
void DeleteCaseNote(Transaction& transaction, const CaseId& id,
                    const StoredNote& note);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_CASE_STORE_H_

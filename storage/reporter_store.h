// What moderation knows of those who report: how their reports fared, and the
// lane in which the reports of a muted reporter wait.
#ifndef FRANK_STORAGE_REPORTER_STORE_H_
#define FRANK_STORAGE_REPORTER_STORE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "frank/storage/v1/reporter.pb.h"
#include "storage/engine.h"
#include "storage/moderation_schema.h"
#include "storage/reporter_schema.h"

namespace frank::storage {

// What the reports of a reporter showed, and until when they are muted; empty
// for one who never reported. The first is tracked.
absl::StatusOr<v1::ReporterRecord> GetReporter(Transaction& transaction,
                                               absl::string_view reporter_uri);
absl::StatusOr<v1::ReporterRecord> GetReporter(Engine& engine,
                                               absl::string_view reporter_uri);
void PutReporter(Transaction& transaction, absl::string_view reporter_uri,
                 const v1::ReporterRecord& record);

// How their cases were decided. A record of its own, which nobody who decides
// touches: they leave marks. The first is tracked.
absl::StatusOr<v1::ReporterOutcomesRecord> GetReporterOutcomes(
    Transaction& transaction, absl::string_view reporter_uri);
absl::StatusOr<v1::ReporterOutcomesRecord> GetReporterOutcomesUntracked(
    Transaction& transaction, absl::string_view reporter_uri);
absl::StatusOr<v1::ReporterOutcomesRecord> GetReporterOutcomes(
    Engine& engine, absl::string_view reporter_uri);
void PutReporterOutcomes(Transaction& transaction,
                         absl::string_view reporter_uri,
                         const v1::ReporterOutcomesRecord& record);

// What a decision means for each reporter, and what of that was counted, so
// that exactly that can be taken back. On disk, never renumbered.
inline constexpr uint32_t kOutcomeNone = 0;
inline constexpr uint32_t kOutcomeUpheld = 1;
inline constexpr uint32_t kOutcomeNotUpheld = 2;
// The list is tracked.
struct OutcomeMark {
  std::string reporter_uri;
  v1::OutcomeMarkRecord record;
};
absl::StatusOr<std::vector<OutcomeMark>> ListOutcomeMarks(
    Transaction& transaction, const DecisionId& id);
void PutOutcomeMark(Transaction& transaction, const DecisionId& id,
                    const OutcomeMark& mark);
void DeleteOutcomeMark(Transaction& transaction, const DecisionId& id,
                       absl::string_view reporter_uri);

// The decisions some of whose marks wait to be counted. Putting one reads
// nothing.
void PutUncounted(Transaction& transaction, const DecisionId& id);
// Takes one to be counted; false when it has been. Tracked.
absl::StatusOr<bool> TakeUncounted(Transaction& transaction,
                                   const DecisionId& id);
// Up to `limit` of each bucket; untracked.
absl::StatusOr<std::vector<DecisionId>> ScanUncounted(Engine& engine,
                                                      size_t limit);

// Reports of a muted reporter. The first is tracked.
absl::StatusOr<absl::optional<v1::HeldReportRecord>> FindHeldReport(
    Transaction& transaction, const ReportRef& report);
absl::StatusOr<absl::optional<v1::HeldReportRecord>> FindHeldReport(
    Engine& engine, const ReportRef& report);
void PutHeldReport(Transaction& transaction, const ReportRef& report,
                   const v1::HeldReportRecord& record);
void DeleteHeldReport(Transaction& transaction, const ReportRef& report);

// Up to `limit` of a reporter's, in the order of their ids, with higher ones
// than `after` (all without it); untracked.
struct HeldReport {
  ReportRef report;
  v1::HeldReportRecord record;
};
absl::StatusOr<std::vector<HeldReport>> ListHeldReports(
    Engine& engine, absl::string_view reporter_uri,
    const absl::optional<ReportId>& after, size_t limit);
// How many there are of all reporters, `limit` at most; untracked.
absl::StatusOr<size_t> CountHeldReports(Engine& engine, size_t limit);

// Who is muted; deleting one that there is not does nothing.
void PutMute(Transaction& transaction, const MutePlace& place);
void DeleteMute(Transaction& transaction, const MutePlace& place);
// Up to `limit` behind a place, in their order; behind one without a reporter
// there are those who are muted for longer. Untracked.
absl::StatusOr<std::vector<MutePlace>> ListMutes(Engine& engine,
                                                 const MutePlace& after,
                                                 size_t limit);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_REPORTER_STORE_H_

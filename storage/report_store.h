// Reports at the platform: whose they are, what became of them, and the outbox
// row that carries each to the moderators.
#ifndef FRANK_STORAGE_REPORT_STORE_H_
#define FRANK_STORAGE_REPORT_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/storage/v1/reporter.pb.h"
#include "storage/engine.h"

namespace frank::storage {

// A report on its way to the moderators. Content for the moderators alone: it
// is sealed, and the platform holds no key to it.
struct OutgoingReport {
  ReportId id;
  std::string reporter_uri;
  std::string review_key_id;
  std::string sealed;
  // Serialised franks, as they came.
  std::vector<std::string> franks;
  // For each: what is known of the reporter in its room at that time, a value
  // of frank.v1.Membership.
  std::vector<uint32_t> members;
  UnixMillis accepted_at = 0;
};

// What is kept of a report after it has been forwarded.
struct ReportStatus {
  // SHA-256 of the sealed bytes; tells a repeat from a conflict.
  std::string fingerprint;
  UnixMillis accepted_at = 0;
  // Its place in the outbox.
  uint64_t number = 0;
  // A value of frank.v1.ReportOutcome; 0 until decided.
  uint32_t outcome = 0;
  UnixMillis decided_at = 0;
  // The decision that the outcome came with; empty until decided.
  std::string decision_id;
  // Moderation's word that it holds the report; none until it came.
  absl::optional<v1::ReceiptRecord> receipt;
  // The reporter wants no notice of this report.
  bool notices_off = false;
};

// Reads a reporter's report. The first is tracked.
absl::StatusOr<absl::optional<ReportStatus>> FindReport(
    Transaction& transaction, absl::string_view reporter_uri,
    const ReportId& id);
absl::StatusOr<absl::optional<ReportStatus>> FindReport(
    Engine& engine, absl::string_view reporter_uri, const ReportId& id);

// Replaces what is kept of a report.
void PutReport(Transaction& transaction, absl::string_view reporter_uri,
               const ReportId& id, const ReportStatus& status);

// What a reporter wants of the platform; the first is tracked.
absl::StatusOr<v1::ReporterChoicesRecord> GetReporterChoices(
    Transaction& transaction, absl::string_view reporter_uri);
absl::StatusOr<v1::ReporterChoicesRecord> GetReporterChoices(
    Engine& engine, absl::string_view reporter_uri);
void PutReporterChoices(Transaction& transaction,
                        absl::string_view reporter_uri,
                        const v1::ReporterChoicesRecord& choices);

// Stores a new report under `number`: its status, its place in the reporter's
// list, its outbox row, and when status and place expire.
void AddReport(Transaction& transaction, uint64_t number,
               absl::string_view fingerprint, const OutgoingReport& report);

// A place in a reporter's list, newest first.
struct ReportPlace {
  UnixMillis accepted_at = 0;
  ReportId id;
};

struct ListedReport {
  ReportPlace place;
  ReportStatus status;
};

// Returns up to `limit` of a reporter's reports that are older than `before`
// (all of them without it), newest first.
absl::StatusOr<std::vector<ListedReport>> ListReports(
    Engine& engine, absl::string_view reporter_uri,
    const absl::optional<ReportPlace>& before, size_t limit);

// The number that was given last, tracked; 0 when none was. A transaction that
// adds reports reads and writes it, so numbers appear in the order of commits
// and nothing can appear below a number that was seen.
absl::StatusOr<uint64_t> LastReportNumber(Transaction& transaction);
// The same outside of any transaction.
absl::StatusOr<uint64_t> LastReportNumber(Engine& engine);
void PutLastReportNumber(Transaction& transaction, uint64_t number);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_REPORT_STORE_H_

// The keys of the reporter's side in frank-moderation's store; part of
// moderation_schema.h, where the notation is explained. Prefixes 0xE0 to 0xE7
// are this file's.
//
//   0xE0 text(reporter) id[16]                         ReceiptRecord
//   0xE1 decision[16]                                  AppealRecord
//   0xE2 bucket u64(received) decision[16]             appeals that wait
//   0xE3 text(reporter)                                ReporterRecord
//   0xE4 text(reporter)                                ReporterOutcomesRecord
//   0xE5 text(reporter) id[16]                         HeldReportRecord
//   0xE6 decision[16] text(reporter)                   OutcomeMarkRecord
//   0xE7 u64(until) text(reporter)                     muted until then
//
// Who is muted is little and is read in its order: no bucket.
#ifndef FRANK_STORAGE_REPORTER_SCHEMA_H_
#define FRANK_STORAGE_REPORTER_SCHEMA_H_

#include <string>

#include "storage/moderation_schema.h"

namespace frank::storage {

// Until when somebody is muted, and who.
struct MutePlace {
  UnixMillis until = 0;
  std::string reporter_uri;
};

namespace schema {

std::string ReceiptKey(const ReportRef& report);
std::string AppealKey(const DecisionId& id);
std::string WaitingAppealKey(UnixMillis received_at, const DecisionId& id);
KeyRange WaitingAppealsIn(uint8_t bucket);
KeyRange WaitingAppeals();
std::string ReporterKey(absl::string_view reporter_uri);
std::string ReporterOutcomesKey(absl::string_view reporter_uri);
std::string HeldReportKey(const ReportRef& report);
KeyRange HeldReports(absl::string_view reporter_uri);
KeyRange HeldReportTable();
// kDataLoss on another shape.
absl::StatusOr<ReportRef> ParseHeldReport(absl::string_view key);
std::string MuteKey(const MutePlace& place);
KeyRange MuteTable();
// kDataLoss on another shape.
absl::StatusOr<MutePlace> ParseMute(absl::string_view key);
std::string OutcomeMarkKey(const DecisionId& id,
                           absl::string_view reporter_uri);
KeyRange OutcomeMarks(const DecisionId& id);
// The reporter. kDataLoss on another shape.
absl::StatusOr<std::string> ParseOutcomeMark(absl::string_view key);

}  // namespace schema
}  // namespace frank::storage

#endif  // FRANK_STORAGE_REPORTER_SCHEMA_H_

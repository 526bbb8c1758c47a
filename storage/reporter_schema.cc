#include "storage/reporter_schema.h"

#include "core/status.h"
#include "storage/key.h"

namespace frank::storage::schema {
namespace {

// Table prefixes: on disk, never renumbered.
enum Table : uint8_t {
  kReceipt = 0xE0,
  kAppeal = 0xE1,
  kWaitingAppeal = 0xE2,
  kReporter = 0xE3,
  kReporterOutcomes = 0xE4,
  kHeldReport = 0xE5,
  kOutcomeMark = 0xE6,
  kMute = 0xE7,
};

}  // namespace

std::string ReceiptKey(const ReportRef& report) {
  return Key(kReceipt).Text(report.reporter_uri).Raw(report.id.bytes()).Take();
}

std::string AppealKey(const DecisionId& id) {
  return Key(kAppeal).Raw(id.bytes()).Take();
}
std::string WaitingAppealKey(UnixMillis received_at, const DecisionId& id) {
  return Key(kWaitingAppeal)
      .U8(BucketOf(id.bytes()))
      .U64(received_at)
      .Raw(id.bytes())
      .Take();
}
KeyRange WaitingAppealsIn(uint8_t bucket) {
  return Key(kWaitingAppeal).U8(bucket).Range();
}
KeyRange WaitingAppeals() { return Key(kWaitingAppeal).Range(); }

std::string ReporterKey(absl::string_view reporter_uri) {
  return Key(kReporter).Text(reporter_uri).Take();
}
std::string ReporterOutcomesKey(absl::string_view reporter_uri) {
  return Key(kReporterOutcomes).Text(reporter_uri).Take();
}
std::string HeldReportKey(const ReportRef& report) {
  return Key(kHeldReport)
      .Text(report.reporter_uri)
      .Raw(report.id.bytes())
      .Take();
}
KeyRange HeldReports(absl::string_view reporter_uri) {
  return Key(kHeldReport).Text(reporter_uri).Range();
}
KeyRange HeldReportTable() { return Key(kHeldReport).Range(); }
absl::StatusOr<ReportRef> ParseHeldReport(absl::string_view key) {
  KeyReader reader(key);
  ReportRef report;
  report.reporter_uri = reader.Text();
  ByteSpan id = reader.Raw(ReportId::kSize);
  FRANK_RETURN_IF_ERROR(reader.Finish());
  report.id = ReportId(ToArray<ReportId::kSize>(id));
  return report;
}

std::string MuteKey(const MutePlace& place) {
  return Key(kMute).U64(place.until).Text(place.reporter_uri).Take();
}
KeyRange MuteTable() { return Key(kMute).Range(); }
absl::StatusOr<MutePlace> ParseMute(absl::string_view key) {
  KeyReader reader(key);
  MutePlace place;
  place.until = reader.U64();
  place.reporter_uri = reader.Text();
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return place;
}

std::string OutcomeMarkKey(const DecisionId& id,
                           absl::string_view reporter_uri) {
  return Key(kOutcomeMark).Raw(id.bytes()).Text(reporter_uri).Take();
}
KeyRange OutcomeMarks(const DecisionId& id) {
  return Key(kOutcomeMark).Raw(id.bytes()).Range();
}
absl::StatusOr<std::string> ParseOutcomeMark(absl::string_view key) {
  KeyReader reader(key);
  reader.Raw(DecisionId::kSize);
  std::string reporter(reader.Text());
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return reporter;
}

}  // namespace frank::storage::schema

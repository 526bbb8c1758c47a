#include "storage/report_schema.h"

#include "core/bytes.h"
#include "core/status.h"
#include "storage/key.h"

namespace frank::storage::schema {
namespace {

// Table prefixes: on disk, never renumbered.
enum Table : uint8_t {
  kEnforcement = 0x48,
  kReport = 0x49,
  kReportPlace = 0x4A,
  kOutbox = 0x4B,
  kLastReportNumber = 0x4C,
  kForwarding = 0x4D,
  kAcknowledged = 0x4E,
  kForwardingLease = 0x4F,
  kMismatchRequest = 0x50,
  kMismatchMessage = 0x51,
  kMismatchCount = 0x52,
  kRate = 0x53,
  kExpiry = 0x54,
  kNewestStamp = 0x55,
  kReporterChoices = 0x56,
  kAccountDecision = 0x57,
};

}  // namespace

std::string EnforcementKey(absl::string_view account_uri) {
  return Key(kEnforcement).Text(account_uri).Take();
}

std::string ReportKey(absl::string_view reporter_uri, const ReportId& id) {
  return Key(kReport).Text(reporter_uri).Raw(id.bytes()).Take();
}

std::string ReportPlacePrefix(absl::string_view reporter_uri) {
  return Key(kReportPlace).Text(reporter_uri).Take();
}

std::string ReportPlaceKey(absl::string_view reporter_uri,
                           UnixMillis accepted_at, const ReportId& id) {
  return Key(kReportPlace)
      .Text(reporter_uri)
      .U64(accepted_at)
      .Raw(id.bytes())
      .Take();
}

std::string OutboxPrefix() { return Key(kOutbox).Take(); }

std::string OutboxKey(uint64_t number) {
  return Key(kOutbox).U64(number).Take();
}

std::string LastReportNumberKey() { return Key(kLastReportNumber).Take(); }

std::string ForwardingKey() { return Key(kForwarding).Take(); }

std::string AcknowledgedPrefix() { return Key(kAcknowledged).Take(); }

std::string AcknowledgedKey(uint64_t number) {
  return Key(kAcknowledged).U64(number).Take();
}

std::string ForwardingLeaseKey() { return Key(kForwardingLease).Take(); }

std::string MismatchRequestKey(absl::string_view account_uri,
                               const DeviceId& device_id,
                               const RequestId& request_id) {
  return Key(kMismatchRequest)
      .Text(account_uri)
      .Raw(device_id.bytes())
      .Raw(request_id.bytes())
      .Take();
}

std::string MismatchMessageKey(absl::string_view account_uri,
                               const DeviceId& device_id,
                               absl::string_view room_uri, uint64_t sequence) {
  return Key(kMismatchMessage)
      .Text(account_uri)
      .Raw(device_id.bytes())
      .Text(room_uri)
      .U64(sequence)
      .Take();
}

std::string MismatchCountKey(absl::string_view sender_uri) {
  return Key(kMismatchCount).Text(sender_uri).Take();
}

std::string RateKey(uint8_t kind, absl::string_view subject) {
  return Key(kRate).U8(kind).Text(subject).Take();
}

std::string ExpiryPrefix(uint8_t bucket) {
  return Key(kExpiry).U8(bucket).Take();
}

std::string ExpiryBound(uint8_t bucket, UnixMillis time) {
  return Key(kExpiry).U8(bucket).U64(time).Take();
}

std::string ExpiryKey(uint8_t bucket, UnixMillis time, absl::string_view key) {
  return Key(kExpiry).U8(bucket).U64(time).Text(key).Take();
}

std::string ReporterChoicesKey(absl::string_view reporter_uri) {
  return Key(kReporterChoices).Text(reporter_uri).Take();
}

std::string AccountDecisionPrefix(absl::string_view account_uri) {
  return Key(kAccountDecision).Text(account_uri).Take();
}

std::string AccountDecisionKey(absl::string_view account_uri,
                               const DecisionId& id) {
  return Key(kAccountDecision).Text(account_uri).Raw(id.bytes()).Take();
}

absl::StatusOr<DecisionId> ParseAccountDecision(absl::string_view key) {
  KeyReader reader(key);
  reader.Text();
  ByteSpan id = reader.Raw(DecisionId::kSize);
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return DecisionId(ToArray<DecisionId::kSize>(id));
}

std::string NewestStampKey() { return Key(kNewestStamp).Take(); }

}  // namespace frank::storage::schema

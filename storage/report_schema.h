// Keys of reports, forwarding and enforcement in frank-platform's store; a part
// of schema.h, which has the platform's other tables.
//
// u64 is big-endian, "text" is u16(length) || bytes. Prefixes 0x48 to 0x5F are
// this file's.
//
//   0x48 text(account)                                 EnforcementRecord
//   0x49 text(reporter) id[16]                         ReportStatusRecord
//   0x4A text(reporter) u64(accepted) id[16]           ReportPlaceRecord
//   0x4B u64(number)                                   ReportOutboxRecord
//   0x4C                                               NumberRecord: last given
//   0x4D                                               ForwardingRecord
//   0x4E u64(number)                                   AcknowledgedRecord
//   0x4F                                               ForwardingLeaseRecord
//   0x50 text(account) device[16] request[16]          MismatchRecord
//   0x51 text(account) device[16] text(room) u64(seq)  MismatchRecord
//   0x52 text(sender)                                  NumberRecord: notices
//   0x53 kind text(subject)                            RateRecord
//   0x54 bucket u64(time) text(key)                    ExpiryRecord
//   0x55                                               StampClockRecord
//   0x56 text(reporter)                                ReporterChoicesRecord
//   0x57 text(account) decision[16]                    AccountDecisionRecord
#ifndef FRANK_STORAGE_REPORT_SCHEMA_H_
#define FRANK_STORAGE_REPORT_SCHEMA_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "core/ids.h"

namespace frank::storage::schema {

std::string EnforcementKey(absl::string_view account_uri);

std::string ReportKey(absl::string_view reporter_uri, const ReportId& id);
std::string ReportPlacePrefix(absl::string_view reporter_uri);
std::string ReportPlaceKey(absl::string_view reporter_uri,
                           UnixMillis accepted_at, const ReportId& id);

std::string OutboxPrefix();
std::string OutboxKey(uint64_t number);
std::string LastReportNumberKey();
std::string ForwardingKey();
std::string AcknowledgedPrefix();
std::string AcknowledgedKey(uint64_t number);
std::string ForwardingLeaseKey();

std::string MismatchRequestKey(absl::string_view account_uri,
                               const DeviceId& device_id,
                               const RequestId& request_id);
std::string MismatchMessageKey(absl::string_view account_uri,
                               const DeviceId& device_id,
                               absl::string_view room_uri, uint64_t sequence);
std::string MismatchCountKey(absl::string_view sender_uri);

std::string RateKey(uint8_t kind, absl::string_view subject);

// Buckets of the expiry notes, 0 to 15. On disk, never changed.
inline constexpr uint8_t kExpiryBuckets = 16;
std::string ExpiryPrefix(uint8_t bucket);
// The first key of the bucket whose time is `time` or later.
std::string ExpiryBound(uint8_t bucket, UnixMillis time);
std::string ExpiryKey(uint8_t bucket, UnixMillis time, absl::string_view key);

std::string ReporterChoicesKey(absl::string_view reporter_uri);

std::string AccountDecisionPrefix(absl::string_view account_uri);
std::string AccountDecisionKey(absl::string_view account_uri,
                               const DecisionId& id);
absl::StatusOr<DecisionId> ParseAccountDecision(absl::string_view key);

std::string NewestStampKey();

}  // namespace frank::storage::schema

#endif  // FRANK_STORAGE_REPORT_SCHEMA_H_

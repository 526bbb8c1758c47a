// The keys of frank-moderation's store; part of schema.h, apart from it because
// the two servers never share a store.
//
// u16 and u64 are big-endian; "text" is u16(length) || bytes; ~x is the
// complement, which sorts high values first. A key never begins another
// table's.
//
//   0x80 text(platform)                                IntakePeerRecord
//   0x81 text(reporter) id[16]                         IntakeReportRecord
//   0x82 text(reporter) id[16] u32(piece)              encrypted sealed report
//   0x83 bucket u64(due) text(reporter) id[16]         waiting to be folded
//   0x84 bucket u64(due) text(reporter) id[16]         to be judged again
//   0x85 text(job)                                     LeaseRecord of a worker
//   0x86 case[16]                                      CaseRecord
//   0x88 bucket u64(expires) case[16]                  claimable and leased
//   0x8A text(accused) text(area)                      case that takes reports
//   0x8B text(accused) text(area) u64(opened) case[16] history of cases
//   0x8C case[16] u64(accepted) text(reporter) id[16]  reports of a case; 1:
//   one
//                                                      that proves something
//   0x8D case[16] text(reporter)                       reporters of proven ones
//   0x8E case[16] u64(time) note[16]                   CaseNoteRecord
//   0x90 evidence[32]                                  EvidenceRecord
//   0x91 evidence[32] u32(piece)                       encrypted EvidencePiece
//   0x92 case[16] evidence[32]                         CaseEvidenceRecord
//   0x93 evidence[32] text(reporter) id[16]            EvidenceReportRecord
//   0x98 text(subject) u64(number)                     ActRecord
//   0x99 text(subject)                                 ActCountRecord
//   0x9C decision[16]                                  DecisionRecord
//   0x9D case[16] u64(added) decision[16]              decisions of a case
//   0xA0 text(account)                                 AccountStateRecord
//   0xA1 text(sender)                                  SenderSignalRecord
//   0xA4 bucket u64(due) decision[16] u32(row)         EffectRecord
//   0xB0 to 0xB7: audit_schema.h
//   0xB8 to 0xBF: people_schema.h
//   0xC0 to 0xCF: queue_schema.h
//   0xD0 to 0xD7: decision_schema.h; 0xD8 to 0xDF: attendance_schema.h
//   0xE0 to 0xE7: reporter_schema.h
//   0xE8 to 0xEB: evidence_package_schema.h
//   0xEC to 0xEF: retention_schema.h
//   0xF0 'C' case[16]                                  case key, wrapped
//   0xF0 'E' evidence[32] case[16]                     data key, for each case
//   0xF0 'R' text(reporter) id[16]                     data key of a report
//   0xF1 and 0xF2: target_schema.h
//   0xF3: figure_schema.h
//   0xF4: referral_schema.h
//
// Keys begin with what they belong to, so that a distributed engine can split
// them; time-ordered indexes begin with a bucket taken from the id. Those of
// the queue do not: their order is what they are for.
#ifndef FRANK_STORAGE_MODERATION_SCHEMA_H_
#define FRANK_STORAGE_MODERATION_SCHEMA_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/ids.h"
#include "storage/engine.h"

namespace frank::storage {

// SHA-256 of (tag, sender, room): the identity of a piece of evidence.
using EvidenceId = Id<struct EvidenceIdTag, 32>;
using NoteId = Id<struct NoteIdTag, 16>;

// Report ids are the reporter's own, so a report is both.
struct ReportRef {
  std::string reporter_uri;
  ReportId id;

  friend bool operator<(const ReportRef& a, const ReportRef& b) {
    return a.id != b.id ? a.id < b.id : a.reporter_uri < b.reporter_uri;
  }
  friend bool operator==(const ReportRef& a, const ReportRef& b) {
    return a.id == b.id && a.reporter_uri == b.reporter_uri;
  }
};

// A row of the effects' outbox: when it is due, its decision, and its number
// within that.
struct EffectRow {
  UnixMillis due = 0;
  DecisionId decision;
  uint32_t row = 0;
};

namespace schema {

// Wrapped keys live under this prefix alone, isolated so that shredding can
// purge it. Never renumbered.
inline constexpr char kWrappedKeyPrefix[] = "\xF0";

// Buckets of time-ordered indexes: 0 to 15.
inline constexpr uint8_t kBuckets = 16;
uint8_t BucketOf(ByteSpan id);

std::string IntakePeerKey(absl::string_view platform);
std::string IntakeReportKey(const ReportRef& report);
std::string SealedPieceKey(const ReportRef& report, uint32_t piece);
std::string WaitingKey(UnixMillis due, const ReportRef& report);
KeyRange WaitingRange(uint8_t bucket, UnixMillis due_until);
KeyRange WaitingTable();
std::string RetryKey(UnixMillis due, const ReportRef& report);
KeyRange RetryRange(uint8_t bucket, UnixMillis due_until);
std::string WorkerLeaseKey(absl::string_view job);

std::string CaseKey(const CaseId& id);
// The cases whose id begins with a byte.
KeyRange CasesFrom(uint8_t first);
std::string LeasedCaseKey(UnixMillis expires_at, const CaseId& id);
// Those whose lease ends from `from` until `until`, that one included.
KeyRange LeasedCases(uint8_t bucket, UnixMillis from, UnixMillis until);
std::string OpenCaseKey(absl::string_view accused, absl::string_view area);
std::string CaseHistoryKey(absl::string_view accused, absl::string_view area,
                           UnixMillis opened_at, const CaseId& id);
KeyRange CaseHistory(absl::string_view accused);
KeyRange CaseHistory(absl::string_view accused, absl::string_view area);
std::string CaseReportKey(const CaseId& id, UnixMillis accepted_at,
                          const ReportRef& report);
KeyRange CaseReports(const CaseId& id);
std::string ProvenReporterKey(const CaseId& id, absl::string_view reporter);
std::string CaseNoteKey(const CaseId& id, UnixMillis time, const NoteId& note);
KeyRange CaseNotes(const CaseId& id);

std::string EvidenceKey(const EvidenceId& id);
std::string EvidencePieceKey(const EvidenceId& id, uint32_t piece);
std::string CaseEvidenceKey(const CaseId& id, const EvidenceId& evidence);
KeyRange CaseEvidence(const CaseId& id);
std::string EvidenceReportKey(const EvidenceId& id, const ReportRef& report);
KeyRange EvidenceReports(const EvidenceId& id);
KeyRange EvidenceReportsBy(const EvidenceId& id, absl::string_view reporter);

std::string ActKey(absl::string_view subject, uint64_t number);
// The acts of a subject whose number is higher than `after`.
KeyRange Acts(absl::string_view subject, uint64_t after);
std::string ActCountKey(absl::string_view subject);

std::string DecisionKey(const DecisionId& id);
std::string CaseDecisionKey(const CaseId& id, UnixMillis added_at,
                            const DecisionId& decision);
KeyRange CaseDecisions(const CaseId& id);

std::string AccountStateKey(absl::string_view account);
std::string SenderSignalKey(absl::string_view sender);
std::string EffectKey(const EffectRow& at);
KeyRange Effects(uint8_t bucket, UnixMillis due_until);
KeyRange EffectTable();

std::string WrappedCaseKey(const CaseId& id);
std::string WrappedEvidenceKey(const EvidenceId& id, const CaseId& holder);
std::string WrappedReportKey(const ReportRef& report);

// Reading keys of indexes back. kDataLoss on another shape.
struct DueReport {
  UnixMillis due = 0;
  ReportRef report;
};
absl::StatusOr<DueReport> ParseDueReport(absl::string_view key);
// The report at the end of a CaseReportKey or an EvidenceReportKey.
absl::StatusOr<ReportRef> ParseCaseReport(absl::string_view key);
absl::StatusOr<ReportRef> ParseEvidenceReport(absl::string_view key);
// The last 16 or 32 bytes of a key that ends in an id.
absl::StatusOr<CaseId> TrailingCaseId(absl::string_view key);
absl::StatusOr<DecisionId> TrailingDecisionId(absl::string_view key);
absl::StatusOr<NoteId> TrailingNoteId(absl::string_view key);
absl::StatusOr<EvidenceId> TrailingEvidenceId(absl::string_view key);
absl::StatusOr<EffectRow> ParseEffectKey(absl::string_view key);

}  // namespace schema
}  // namespace frank::storage

#endif  // FRANK_STORAGE_MODERATION_SCHEMA_H_

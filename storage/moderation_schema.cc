#include "storage/moderation_schema.h"

#include "absl/status/status.h"
#include "core/status.h"
#include "storage/key.h"

namespace frank::storage::schema {
namespace {

// Table prefixes: on disk, never renumbered.
enum Table : uint8_t {
  kIntakePeer = 0x80,
  kReport = 0x81,
  kSealedPiece = 0x82,
  kWaiting = 0x83,
  kRetry = 0x84,
  kWorkerLease = 0x85,
  kCase = 0x86,
  kLeasedCase = 0x88,
  kOpenCase = 0x8A,
  kCaseHistory = 0x8B,
  kCaseReport = 0x8C,
  kProvenReporter = 0x8D,
  kCaseNote = 0x8E,
  kEvidence = 0x90,
  kEvidencePiece = 0x91,
  kCaseEvidence = 0x92,
  kEvidenceReport = 0x93,
  kAct = 0x98,
  kActCount = 0x99,
  kDecision = 0x9C,
  kCaseDecision = 0x9D,
  kAccountState = 0xA0,
  kSenderSignal = 0xA1,
  kEffect = 0xA4,
  kWrappedKey = 0xF0,
};

KeyRange UpTo(Table table, uint8_t bucket, uint64_t last) {
  // Fixed-width times: the first key after `last` has the time last + 1.
  return KeyRange{Key(table).U8(bucket).Take(),
                  last == UINT64_MAX
                      ? KeyRange::Prefix(Key(table).U8(bucket).Take()).end
                      : Key(table).U8(bucket).U64(last + 1).Take()};
}

absl::Status Damaged() {
  return absl::DataLossError("a key has another shape");
}

// Reads text(reporter) id[16] from `offset` to the end.
absl::StatusOr<ReportRef> ReportAt(absl::string_view key, size_t offset) {
  if (key.size() < offset + 2) return Damaged();
  ByteSpan head = AsBytes(key.substr(offset, 2));
  size_t length = static_cast<size_t>(head[0]) << 8 | head[1];
  if (key.size() != offset + 2 + length + ReportId::kSize) return Damaged();
  ReportRef report;
  absl::string_view uri = key.substr(offset + 2, length);
  report.reporter_uri.assign(uri.data(), uri.size());
  report.id = ReportId(
      ToArray<ReportId::kSize>(AsBytes(key.substr(offset + 2 + length))));
  return report;
}

template <typename AnyId>
absl::StatusOr<AnyId> Trailing(absl::string_view key) {
  if (key.size() < AnyId::kSize) return Damaged();
  return AnyId(
      ToArray<AnyId::kSize>(AsBytes(key.substr(key.size() - AnyId::kSize))));
}

}  // namespace

uint8_t BucketOf(ByteSpan id) { return id.empty() ? 0 : id[0] % kBuckets; }

std::string IntakePeerKey(absl::string_view platform) {
  return Key(kIntakePeer).Text(platform).Take();
}
std::string IntakeReportKey(const ReportRef& report) {
  return Key(kReport).Text(report.reporter_uri).Raw(report.id.bytes()).Take();
}
std::string SealedPieceKey(const ReportRef& report, uint32_t piece) {
  return Key(kSealedPiece)
      .Text(report.reporter_uri)
      .Raw(report.id.bytes())
      .U32(piece)
      .Take();
}
std::string WaitingKey(UnixMillis due, const ReportRef& report) {
  return Key(kWaiting)
      .U8(BucketOf(report.id.bytes()))
      .U64(due)
      .Text(report.reporter_uri)
      .Raw(report.id.bytes())
      .Take();
}
KeyRange WaitingRange(uint8_t bucket, UnixMillis due_until) {
  return UpTo(kWaiting, bucket, due_until);
}
KeyRange WaitingTable() { return Key(kWaiting).Range(); }
std::string RetryKey(UnixMillis due, const ReportRef& report) {
  return Key(kRetry)
      .U8(BucketOf(report.id.bytes()))
      .U64(due)
      .Text(report.reporter_uri)
      .Raw(report.id.bytes())
      .Take();
}
KeyRange RetryRange(uint8_t bucket, UnixMillis due_until) {
  return UpTo(kRetry, bucket, due_until);
}
std::string WorkerLeaseKey(absl::string_view job) {
  return Key(kWorkerLease).Text(job).Take();
}

std::string CaseKey(const CaseId& id) {
  return Key(kCase).Raw(id.bytes()).Take();
}
KeyRange CasesFrom(uint8_t first) { return Key(kCase).U8(first).Range(); }
std::string LeasedCaseKey(UnixMillis expires_at, const CaseId& id) {
  return Key(kLeasedCase)
      .U8(BucketOf(id.bytes()))
      .U64(expires_at)
      .Raw(id.bytes())
      .Take();
}
KeyRange LeasedCases(uint8_t bucket, UnixMillis from, UnixMillis until) {
  KeyRange range = UpTo(kLeasedCase, bucket, until);
  range.begin = Key(kLeasedCase).U8(bucket).U64(from).Take();
  return range;
}
std::string OpenCaseKey(absl::string_view accused, absl::string_view area) {
  return Key(kOpenCase).Text(accused).Text(area).Take();
}
std::string CaseHistoryKey(absl::string_view accused, absl::string_view area,
                           UnixMillis opened_at, const CaseId& id) {
  return Key(kCaseHistory)
      .Text(accused)
      .Text(area)
      .U64(opened_at)
      .Raw(id.bytes())
      .Take();
}
KeyRange CaseHistory(absl::string_view accused) {
  return Key(kCaseHistory).Text(accused).Range();
}
KeyRange CaseHistory(absl::string_view accused, absl::string_view area) {
  return Key(kCaseHistory).Text(accused).Text(area).Range();
}
std::string CaseReportKey(const CaseId& id, UnixMillis accepted_at,
                          const ReportRef& report) {
  return Key(kCaseReport)
      .Raw(id.bytes())
      .U64(accepted_at)
      .Text(report.reporter_uri)
      .Raw(report.id.bytes())
      .Take();
}
KeyRange CaseReports(const CaseId& id) {
  return Key(kCaseReport).Raw(id.bytes()).Range();
}
std::string ProvenReporterKey(const CaseId& id, absl::string_view reporter) {
  return Key(kProvenReporter).Raw(id.bytes()).Text(reporter).Take();
}
std::string CaseNoteKey(const CaseId& id, UnixMillis time, const NoteId& note) {
  return Key(kCaseNote).Raw(id.bytes()).U64(time).Raw(note.bytes()).Take();
}
KeyRange CaseNotes(const CaseId& id) {
  return Key(kCaseNote).Raw(id.bytes()).Range();
}

std::string EvidenceKey(const EvidenceId& id) {
  return Key(kEvidence).Raw(id.bytes()).Take();
}
std::string EvidencePieceKey(const EvidenceId& id, uint32_t piece) {
  return Key(kEvidencePiece).Raw(id.bytes()).U32(piece).Take();
}
std::string CaseEvidenceKey(const CaseId& id, const EvidenceId& evidence) {
  return Key(kCaseEvidence).Raw(id.bytes()).Raw(evidence.bytes()).Take();
}
KeyRange CaseEvidence(const CaseId& id) {
  return Key(kCaseEvidence).Raw(id.bytes()).Range();
}
std::string EvidenceReportKey(const EvidenceId& id, const ReportRef& report) {
  return Key(kEvidenceReport)
      .Raw(id.bytes())
      .Text(report.reporter_uri)
      .Raw(report.id.bytes())
      .Take();
}
KeyRange EvidenceReports(const EvidenceId& id) {
  return Key(kEvidenceReport).Raw(id.bytes()).Range();
}
KeyRange EvidenceReportsBy(const EvidenceId& id, absl::string_view reporter) {
  return Key(kEvidenceReport).Raw(id.bytes()).Text(reporter).Range();
}

std::string ActKey(absl::string_view subject, uint64_t number) {
  return Key(kAct).Text(subject).U64(number).Take();
}
KeyRange Acts(absl::string_view subject, uint64_t after) {
  KeyRange range = Key(kAct).Text(subject).Range();
  // The first key behind that of `after`.
  range.begin = ActKey(subject, after) + '\0';
  return range;
}
std::string ActCountKey(absl::string_view subject) {
  return Key(kActCount).Text(subject).Take();
}

std::string DecisionKey(const DecisionId& id) {
  return Key(kDecision).Raw(id.bytes()).Take();
}
std::string CaseDecisionKey(const CaseId& id, UnixMillis added_at,
                            const DecisionId& decision) {
  return Key(kCaseDecision)
      .Raw(id.bytes())
      .U64(added_at)
      .Raw(decision.bytes())
      .Take();
}
KeyRange CaseDecisions(const CaseId& id) {
  return Key(kCaseDecision).Raw(id.bytes()).Range();
}

std::string AccountStateKey(absl::string_view account) {
  return Key(kAccountState).Text(account).Take();
}
std::string SenderSignalKey(absl::string_view sender) {
  return Key(kSenderSignal).Text(sender).Take();
}
std::string EffectKey(const EffectRow& at) {
  return Key(kEffect)
      .U8(BucketOf(at.decision.bytes()))
      .U64(at.due)
      .Raw(at.decision.bytes())
      .U32(at.row)
      .Take();
}
KeyRange Effects(uint8_t bucket, UnixMillis due_until) {
  return UpTo(kEffect, bucket, due_until);
}
KeyRange EffectTable() { return Key(kEffect).Range(); }

std::string WrappedCaseKey(const CaseId& id) {
  return Key(kWrappedKey).U8('C').Raw(id.bytes()).Take();
}
std::string WrappedEvidenceKey(const EvidenceId& id, const CaseId& holder) {
  return Key(kWrappedKey).U8('E').Raw(id.bytes()).Raw(holder.bytes()).Take();
}
std::string WrappedReportKey(const ReportRef& report) {
  return Key(kWrappedKey)
      .U8('R')
      .Text(report.reporter_uri)
      .Raw(report.id.bytes())
      .Take();
}

absl::StatusOr<DueReport> ParseDueReport(absl::string_view key) {
  if (key.size() < 10) return Damaged();
  DueReport due;
  due.due = ReadU64(AsBytes(key.substr(2, 8)));
  FRANK_ASSIGN_OR_RETURN(due.report, ReportAt(key, 10));
  return due;
}
absl::StatusOr<ReportRef> ParseCaseReport(absl::string_view key) {
  return ReportAt(key, 1 + CaseId::kSize + 8);
}
absl::StatusOr<ReportRef> ParseEvidenceReport(absl::string_view key) {
  return ReportAt(key, 1 + EvidenceId::kSize);
}
absl::StatusOr<CaseId> TrailingCaseId(absl::string_view key) {
  return Trailing<CaseId>(key);
}
absl::StatusOr<DecisionId> TrailingDecisionId(absl::string_view key) {
  return Trailing<DecisionId>(key);
}
absl::StatusOr<NoteId> TrailingNoteId(absl::string_view key) {
  return Trailing<NoteId>(key);
}
absl::StatusOr<EvidenceId> TrailingEvidenceId(absl::string_view key) {
  return Trailing<EvidenceId>(key);
}
absl::StatusOr<EffectRow> ParseEffectKey(absl::string_view key) {
  if (key.size() != 2 + 8 + DecisionId::kSize + 4) return Damaged();
  EffectRow at;
  at.due = ReadU64(AsBytes(key.substr(2, 8)));
  at.decision = DecisionId(
      ToArray<DecisionId::kSize>(AsBytes(key.substr(10, DecisionId::kSize))));
  // Read as the low half of the eight bytes that end in it.
  at.row = static_cast<uint32_t>(ReadU64(AsBytes(key.substr(key.size() - 8))));
  return at;
}

}  // namespace frank::storage::schema

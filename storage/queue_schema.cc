#include "storage/queue_schema.h"

#include <algorithm>

#include "absl/status/status.h"
#include "core/taxonomy.h"
#include "storage/key.h"

namespace frank::storage {

ClaimRange ClaimRangeOf(const v1::CaseRecord& record) {
  ClaimRange range{record.queue(), record.severity(), ClaimLane::kText};
  if (record.policy_area() == kChildSafetyArea) {
    range.lane = ClaimLane::kChildSafety;
  } else if (record.exposure() != 0) {
    range.lane = static_cast<ClaimLane>(record.exposure());
  }
  return range;
}

}  // namespace frank::storage

namespace frank::storage::schema {
namespace {

// Table prefixes: on disk, never renumbered.
enum Table : uint8_t {
  kWaitingCase = 0xC0,
  kOrderedCase = 0xC2,
  kQueuedCase = 0xC3,
  kReporterCase = 0xC4,
  kHeldCase = 0xC5,
  kDecidedCase = 0xC6,
  kTaggedCase = 0xC7,
  kTimedCase = 0xC8,
  kChangeCount = 0xC9,
  kChange = 0xCA,
  kFirstChange = 0xCB,
  kChangeMark = 0xCC,
  kDeskSweep = 0xCD,
  kCaseLink = 0xCE,
  kNoteMark = 0xCF,
};

// What ends each key of the claim index.
constexpr size_t kWaitingTail = 1 + CaseId::kSize;

uint8_t SeverityByte(uint32_t severity) {
  return static_cast<uint8_t>(0xFF - severity);
}

std::string PriorityWithinSeverity(const v1::CaseRecord& record) {
  std::string position;
  AppendU64(record.deadline() / kPrioritySlot, &position);
  uint32_t reporters = std::min(record.proven_reporter_count(), 0xFFu);
  position.push_back(static_cast<char>(0xFF - reporters));
  return position;
}

size_t WaitingPrefixSize(const ClaimRange& of) {
  return 1 + 2 + of.queue.size() + 1 + 1;
}

Key ClaimKey(Table table, const ClaimRange& of) {
  Key key(table);
  key.Text(of.queue)
      .U8(SeverityByte(of.severity))
      .U8(static_cast<uint8_t>(of.lane));
  return key;
}

}  // namespace

uint8_t ChangeBucketOf(const CaseId& id) {
  return id.bytes()[0] % kChangeBuckets;
}

std::string PositionOf(CaseOrder order, const v1::CaseRecord& record) {
  std::string position;
  switch (order) {
    case CaseOrder::kPriority:
      position.push_back(static_cast<char>(SeverityByte(record.severity())));
      position += PriorityWithinSeverity(record);
      break;
    case CaseOrder::kDeadline:
      AppendU64(record.deadline(), &position);
      break;
    case CaseOrder::kAge:
      AppendU64(record.opened_at(), &position);
      break;
  }
  return position;
}

std::string WaitingCaseKey(const CaseId& id, const v1::CaseRecord& record) {
  return ClaimKey(kWaitingCase, ClaimRangeOf(record))
      .Raw(AsBytes(PriorityWithinSeverity(record)))
      .U8(BucketOf(id.bytes()))
      .Raw(id.bytes())
      .Take();
}
KeyRange WaitingCases(const ClaimRange& of) {
  return ClaimKey(kWaitingCase, of).Range();
}
absl::string_view WaitingPosition(const ClaimRange& of, absl::string_view key) {
  return key.substr(WaitingPrefixSize(of));
}
absl::string_view WaitingPriority(const ClaimRange& of, absl::string_view key) {
  absl::string_view position = WaitingPosition(of, key);
  return position.substr(0, position.size() - kWaitingTail);
}
KeyRange WaitingCasesFrom(const ClaimRange& part) {
  return KeyRange{ClaimKey(kWaitingCase, part).Take(),
                  Key(kWaitingCase).Text(part.queue).Range().end};
}
KeyRange WaitingCasesBetween(absl::string_view after, absl::string_view until) {
  KeyRange range = Key(kWaitingCase).Range();
  if (!after.empty()) range.begin = Key(kWaitingCase).Text(after).Range().end;
  if (!until.empty()) range.end = Key(kWaitingCase).Text(until).Take();
  return range;
}

std::string OrderedCaseKey(CaseOrder order, const CaseId& id,
                           const v1::CaseRecord& record) {
  return Key(kOrderedCase)
      .U8(static_cast<uint8_t>(order))
      .U8(static_cast<uint8_t>(record.state()))
      .Raw(AsBytes(PositionOf(order, record)))
      .Raw(id.bytes())
      .Take();
}
KeyRange OrderedCases(CaseOrder order, uint32_t state) {
  return Key(kOrderedCase)
      .U8(static_cast<uint8_t>(order))
      .U8(static_cast<uint8_t>(state))
      .Range();
}
std::string QueuedCaseKey(const CaseId& id, const v1::CaseRecord& record) {
  return Key(kQueuedCase)
      .Text(record.queue())
      .U8(static_cast<uint8_t>(record.state()))
      .Raw(AsBytes(PositionOf(CaseOrder::kPriority, record)))
      .Raw(id.bytes())
      .Take();
}
KeyRange QueuedCases(absl::string_view queue, uint32_t state) {
  return Key(kQueuedCase).Text(queue).U8(static_cast<uint8_t>(state)).Range();
}
std::string ReporterCaseKey(absl::string_view reporter, UnixMillis opened_at,
                            const CaseId& id) {
  return Key(kReporterCase)
      .Text(reporter)
      .U64(~opened_at)
      .Raw(id.bytes())
      .Take();
}
KeyRange ReporterCases(absl::string_view reporter) {
  return Key(kReporterCase).Text(reporter).Range();
}
std::string HeldCaseKey(absl::string_view moderator, const CaseId& id) {
  return Key(kHeldCase).Text(moderator).Raw(id.bytes()).Take();
}
KeyRange HeldCases(absl::string_view moderator) {
  return Key(kHeldCase).Text(moderator).Range();
}
std::string DecidedCaseKey(absl::string_view moderator, UnixMillis decided_at,
                           const CaseId& id) {
  return Key(kDecidedCase)
      .Text(moderator)
      .U64(~decided_at)
      .Raw(id.bytes())
      .Take();
}
KeyRange DecidedCases(absl::string_view moderator) {
  return Key(kDecidedCase).Text(moderator).Range();
}
std::string TaggedCaseKey(absl::string_view tag, const CaseId& id) {
  return Key(kTaggedCase).Text(tag).Raw(id.bytes()).Take();
}
KeyRange TaggedCases(absl::string_view tag) {
  return Key(kTaggedCase).Text(tag).Range();
}
std::string TimedCaseKey(UnixMillis due, const CaseId& id) {
  return Key(kTimedCase)
      .U8(BucketOf(id.bytes()))
      .U64(due)
      .Raw(id.bytes())
      .Take();
}
KeyRange TimedCases(uint8_t bucket, UnixMillis from, UnixMillis until) {
  KeyRange range = Key(kTimedCase).U8(bucket).Range();
  range.begin = Key(kTimedCase).U8(bucket).U64(from).Take();
  if (until != UINT64_MAX) {
    range.end = Key(kTimedCase).U8(bucket).U64(until + 1).Take();
  }
  return range;
}

std::string ChangeCountKey(uint8_t bucket) {
  return Key(kChangeCount).U8(bucket).Take();
}
KeyRange ChangeCounts() { return Key(kChangeCount).Range(); }
std::string ChangeKey(uint8_t bucket, uint64_t number, const CaseId& id) {
  return Key(kChange).U8(bucket).U64(number).Raw(id.bytes()).Take();
}
KeyRange Changes(uint8_t bucket, uint64_t first, uint64_t end) {
  return KeyRange{Key(kChange).U8(bucket).U64(first).Take(),
                  Key(kChange).U8(bucket).U64(end).Take()};
}
std::string FirstChangeKey(uint8_t bucket) {
  return Key(kFirstChange).U8(bucket).Take();
}
KeyRange FirstChanges() { return Key(kFirstChange).Range(); }
std::string ChangeMarkKey(UnixMillis time) {
  return Key(kChangeMark).U64(time).Take();
}
KeyRange ChangeMarks() { return Key(kChangeMark).Range(); }
std::string DeskSweepKey() { return Key(kDeskSweep).Take(); }
std::string CaseLinkKey(const CaseId& id, const CaseId& other) {
  return Key(kCaseLink).Raw(id.bytes()).Raw(other.bytes()).Take();
}
KeyRange CaseLinks(const CaseId& id) {
  return Key(kCaseLink).Raw(id.bytes()).Range();
}
std::string NoteMarkKey(const CaseId& id, const NoteId& note) {
  return Key(kNoteMark).Raw(id.bytes()).Raw(note.bytes()).Take();
}

absl::StatusOr<uint64_t> ParseChangeNumber(absl::string_view key) {
  KeyReader reader(key);
  reader.Raw(1);
  uint64_t number = reader.U64();
  reader.Raw(CaseId::kSize);
  absl::Status read = reader.Finish();
  if (!read.ok()) return read;
  return number;
}
absl::StatusOr<ClaimRange> ParseClaimRange(absl::string_view key) {
  KeyReader reader(key);
  ClaimRange range;
  range.queue = reader.Text();
  ByteSpan part = reader.Raw(2);
  reader.Raw(kWaitingPositionBytes);
  FRANK_RETURN_IF_ERROR(reader.Finish());
  range.severity = SeverityByte(part[0]);
  range.lane = static_cast<ClaimLane>(part[1]);
  return range;
}

absl::StatusOr<uint8_t> ParseChangeBucket(absl::string_view key) {
  if (key.size() < 2) return absl::DataLossError("a stored key is damaged");
  return static_cast<uint8_t>(key[1]);
}

}  // namespace frank::storage::schema

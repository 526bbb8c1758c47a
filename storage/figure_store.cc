#include "storage/figure_store.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/bytes.h"
#include "core/status.h"
#include "storage/case_index.h"
#include "storage/case_store.h"
#include "storage/figure_schema.h"
#include "storage/moderation_schema.h"
#include "storage/queue_schema.h"
#include "storage/record_table.h"

namespace frank::storage {
namespace {

// Free cases that are read at a time.
constexpr size_t kDeadlines = 64;
constexpr UnixMillis kLongestLease = 365 * kDay;

// By queue and state.
using Counts = std::map<std::pair<std::string, uint32_t>, uint64_t>;

Counts CountsOf(const v1::QueueCountRecord& record) {
  Counts counts;
  for (const auto& count : record.count()) {
    counts[{count.queue(), count.state()}] = count.cases();
  }
  return counts;
}

void Add(const std::string& queue, uint32_t state, Counts* counts) {
  if (WaitsForSomebody(state)) ++(*counts)[{queue, state}];
}

void Remove(const std::string& queue, uint32_t state, Counts* counts) {
  if (!WaitsForSomebody(state)) return;
  uint64_t& count = (*counts)[{queue, state}];
  count -= std::min<uint64_t>(count, 1);
}

void Put(Transaction& transaction, uint8_t bucket, uint64_t reached,
         const Counts& counts) {
  v1::QueueCountRecord record;
  record.set_reached(reached);
  for (const auto& [place, cases] : counts) {
    if (cases == 0) continue;
    auto* count = record.add_count();
    count->set_queue(place.first);
    count->set_state(place.second);
    count->set_cases(cases);
  }
  transaction.Put(schema::QueueCountKey(bucket), EncodeRecord(record));
}

}  // namespace

bool WaitsForSomebody(uint32_t state) {
  return TakesReports(state) || state == kCaseAppealed;
}

absl::Status CountAllCases(Transaction& transaction, uint8_t bucket) {
  FRANK_ASSIGN_OR_RETURN(auto last,
                         GetRecordOrEmpty<v1::CaseChangeCountRecord>(
                             transaction, schema::ChangeCountKey(bucket)));
  Counts counts;
  for (size_t first = bucket; first < 256; first += schema::kChangeBuckets) {
    FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> cases,
                           transaction.ScanUntracked(
                               schema::CasesFrom(static_cast<uint8_t>(first))));
    for (const KeyValue& entry : cases) {
      FRANK_ASSIGN_OR_RETURN(CaseId id, schema::TrailingCaseId(entry.key));
      FRANK_ASSIGN_OR_RETURN(auto record,
                             DecodeRecord<v1::CaseRecord>(entry.value));
      Add(record.queue(), record.state(), &counts);
      if (!TakesReports(record.state())) continue;
      transaction.Put(
          schema::CaseAgeKey(record.queue(), record.opened_at(), id), "");
    }
  }
  Put(transaction, bucket, last.number(), counts);
  return absl::OkStatus();
}

absl::StatusOr<bool> CountChanges(Transaction& transaction, uint8_t bucket,
                                  uint64_t after, const ChangePage& page) {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         GetRecordOrEmpty<v1::QueueCountRecord>(
                             transaction, schema::QueueCountKey(bucket)));
  if (record.reached() != after) return false;
  Counts counts = CountsOf(record);
  for (const v1::CaseChangeRecord& change : page.changes) {
    Remove(change.queue_before(), change.state_before(), &counts);
    Add(change.queue(), change.state(), &counts);
  }
  Put(transaction, bucket, page.reached, counts);
  return true;
}

absl::StatusOr<std::vector<absl::optional<uint64_t>>> GetCounted(
    Engine& engine) {
  std::vector<absl::optional<uint64_t>> counted(schema::kChangeBuckets);
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(schema::QueueCounts()));
  for (const KeyValue& entry : found) {
    FRANK_ASSIGN_OR_RETURN(auto record,
                           DecodeRecord<v1::QueueCountRecord>(entry.value));
    auto bucket = static_cast<uint8_t>(entry.key.back());
    if (bucket < counted.size()) counted[bucket] = record.reached();
  }
  return counted;
}

absl::StatusOr<std::vector<v1::QueueCountRecord>> ListQueueCounts(
    Engine& engine) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(schema::QueueCounts()));
  std::vector<v1::QueueCountRecord> records;
  for (const KeyValue& entry : found) {
    FRANK_ASSIGN_OR_RETURN(auto record,
                           DecodeRecord<v1::QueueCountRecord>(entry.value));
    records.push_back(std::move(record));
  }
  return records;
}

absl::StatusOr<absl::optional<UnixMillis>> FindOldestCase(
    Engine& engine, absl::string_view queue, UnixMillis from) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(schema::CaseAges(queue, from), 1));
  if (found.empty()) return absl::optional<UnixMillis>();
  FRANK_ASSIGN_OR_RETURN(UnixMillis opened_at,
                         schema::ParseCaseAge(found[0].key));
  return absl::make_optional(opened_at);
}

absl::Status AddDeadlines(Engine& engine, const ClaimRange& of, UnixMillis now,
                          size_t most, v1::QueueFirstRecord::First* figures) {
  std::string after;
  while (true) {
    FRANK_ASSIGN_OR_RETURN(std::vector<WaitingCase> rows,
                           ScanWaitingCases(engine, of, after, kDeadlines));
    for (const WaitingCase& row : rows) {
      const UnixMillis slot =
          ReadU64(AsBytes(row.position).first(8)) * schema::kPrioritySlot;
      if (figures->first_deadline() == 0 || slot < figures->first_deadline()) {
        figures->set_first_deadline(slot);
      }
      if (slot + schema::kPrioritySlot > now || figures->overdue() >= most) {
        return absl::OkStatus();
      }
      figures->set_overdue(figures->overdue() + 1);
    }
    if (rows.size() < kDeadlines) return absl::OkStatus();
    after = rows.back().position;
  }
}

absl::StatusOr<std::map<std::string, uint32_t>> CountHeldByQueue(Engine& engine,
                                                                 UnixMillis now,
                                                                 size_t most) {
  // What is before has been swept, and would be read over; no lease ends later.
  FRANK_ASSIGN_OR_RETURN(UnixMillis from, GetSweepStart(engine, now));
  FRANK_ASSIGN_OR_RETURN(
      std::vector<CaseId> held,
      ScanLapsedCases(engine, from, now + kLongestLease, most));
  std::map<std::string, uint32_t> counts;
  for (const CaseId& id : held) {
    FRANK_ASSIGN_OR_RETURN(auto record, FindCase(engine, id));
    if (record && !record->lease().holder().empty()) ++counts[record->queue()];
  }
  return counts;
}

absl::StatusOr<v1::QueueFirstRecord> GetQueueFirst(Engine& engine) {
  return GetRecordOrEmpty<v1::QueueFirstRecord>(engine,
                                                schema::QueueFirstKey());
}

void PutQueueFirst(Transaction& transaction,
                   const v1::QueueFirstRecord& record) {
  transaction.Put(schema::QueueFirstKey(), EncodeRecord(record));
}

}  // namespace frank::storage

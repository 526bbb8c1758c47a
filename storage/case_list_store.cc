#include "storage/case_list_store.h"

#include <algorithm>
#include <utility>

#include "core/status.h"
#include "storage/case_store.h"
#include "storage/record_table.h"

namespace frank::storage {
namespace {

// The rows of a range behind what ended an earlier scan.
KeyRange Behind(KeyRange range, absl::string_view after) {
  if (after.empty()) return range;
  range.begin.append(after.data(), after.size());
  range.begin.push_back('\0');
  return range;
}

// Merges the lists of several states, which share their positions.
template <typename RangeOf>
absl::StatusOr<std::vector<ListedCase>> ScanMerged(
    Engine& engine, absl::Span<const uint32_t> states, absl::string_view after,
    size_t limit, RangeOf range_of) {
  std::vector<ListedCase> merged;
  for (uint32_t state : states) {
    KeyRange range = range_of(state);
    const size_t prefix = range.begin.size();
    FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                           engine.Scan(Behind(std::move(range), after), limit));
    for (const KeyValue& entry : found) {
      ListedCase listed;
      FRANK_ASSIGN_OR_RETURN(listed.id, schema::TrailingCaseId(entry.key));
      listed.position = entry.key.substr(prefix);
      merged.push_back(std::move(listed));
    }
  }
  std::sort(merged.begin(), merged.end(),
            [](const ListedCase& a, const ListedCase& b) {
              return a.position < b.position;
            });
  // A case that changed its state between two scans was found twice.
  merged.erase(std::unique(merged.begin(), merged.end(),
                           [](const ListedCase& a, const ListedCase& b) {
                             return a.position == b.position;
                           }),
               merged.end());
  if (merged.size() > limit) merged.resize(limit);
  return merged;
}

std::vector<KeyRange> RangesOf(CaseTrait trait, absl::string_view value) {
  switch (trait) {
    case CaseTrait::kAccused:
      return {schema::CaseHistory(value)};
    case CaseTrait::kReporter:
      return {schema::ReporterCases(value)};
    case CaseTrait::kModerator:
      return {schema::HeldCases(value), schema::DecidedCases(value)};
    case CaseTrait::kTag:
      return {schema::TaggedCases(value)};
  }
  return {};
}

absl::StatusOr<std::vector<LinkedCase>> ReadLinks(
    absl::StatusOr<std::vector<KeyValue>> found) {
  FRANK_RETURN_IF_ERROR(found.status());
  std::vector<LinkedCase> links;
  for (const KeyValue& entry : *found) {
    LinkedCase linked;
    FRANK_ASSIGN_OR_RETURN(linked.id, schema::TrailingCaseId(entry.key));
    FRANK_ASSIGN_OR_RETURN(linked.link,
                           DecodeRecord<v1::CaseLinkRecord>(entry.value));
    links.push_back(std::move(linked));
  }
  return links;
}

}  // namespace

std::string ListPositionOf(CaseOrder order, const CaseId& id,
                           const v1::CaseRecord& record) {
  return schema::PositionOf(order, record) + std::string(id.text());
}

absl::StatusOr<std::vector<ListedCase>> ScanOrderedCases(
    Engine& engine, CaseOrder order, absl::Span<const uint32_t> states,
    absl::string_view after, size_t limit) {
  return ScanMerged(engine, states, after, limit, [order](uint32_t state) {
    return schema::OrderedCases(order, state);
  });
}

absl::StatusOr<std::vector<ListedCase>> ScanQueuedCases(
    Engine& engine, absl::string_view queue, absl::Span<const uint32_t> states,
    absl::string_view after, size_t limit) {
  return ScanMerged(engine, states, after, limit, [queue](uint32_t state) {
    return schema::QueuedCases(queue, state);
  });
}

absl::StatusOr<std::vector<TraitRow>> ScanCasesWith(Engine& engine,
                                                    CaseTrait trait,
                                                    absl::string_view value,
                                                    absl::string_view after,
                                                    size_t limit) {
  std::vector<TraitRow> rows;
  for (KeyRange& range : RangesOf(trait, value)) {
    if (after >= range.end) continue;
    if (after >= range.begin) {
      range.begin = std::string(after);
      range.begin.push_back('\0');
    }
    FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                           engine.Scan(range, limit - rows.size()));
    for (KeyValue& entry : found) {
      TraitRow row;
      FRANK_ASSIGN_OR_RETURN(row.id, schema::TrailingCaseId(entry.key));
      row.row = std::move(entry.key);
      rows.push_back(std::move(row));
    }
    if (rows.size() == limit) break;
  }
  return rows;
}

absl::StatusOr<size_t> CountHeldCases(Transaction& transaction,
                                      absl::string_view moderator,
                                      size_t limit) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> held,
                         transaction.Scan(schema::HeldCases(moderator), limit));
  return held.size();
}

void PutReporterOfCase(Transaction& transaction, absl::string_view reporter,
                       UnixMillis opened_at, const CaseId& id) {
  transaction.Put(schema::ReporterCaseKey(reporter, opened_at, id), "");
}

absl::StatusOr<bool> IsReporterOfCase(Engine& engine,
                                      absl::string_view reporter,
                                      UnixMillis opened_at, const CaseId& id) {
  FRANK_ASSIGN_OR_RETURN(
      absl::optional<std::string> found,
      engine.Get(schema::ReporterCaseKey(reporter, opened_at, id)));
  return found.has_value();
}

absl::StatusOr<bool> HasReported(Engine& engine, absl::string_view reporter,
                                 absl::string_view accused) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> cases,
                         engine.Scan(schema::CaseHistory(accused)));
  for (const KeyValue& entry : cases) {
    FRANK_ASSIGN_OR_RETURN(CaseId id, schema::TrailingCaseId(entry.key));
    FRANK_ASSIGN_OR_RETURN(auto record, FindCase(engine, id));
    if (!record) continue;
    FRANK_ASSIGN_OR_RETURN(
        bool reported,
        IsReporterOfCase(engine, reporter, record->opened_at(), id));
    if (reported) return true;
  }
  return false;
}

void PutCaseLink(Transaction& transaction, const CaseId& id,
                 const CaseId& other, const v1::CaseLinkRecord& link) {
  std::string value = EncodeRecord(link);
  transaction.Put(schema::CaseLinkKey(id, other), value);
  transaction.Put(schema::CaseLinkKey(other, id), value);
}

void DeleteCaseLink(Transaction& transaction, const CaseId& id,
                    const CaseId& other) {
  transaction.Delete(schema::CaseLinkKey(id, other));
  transaction.Delete(schema::CaseLinkKey(other, id));
}

absl::StatusOr<absl::optional<v1::CaseLinkRecord>> FindCaseLink(
    Transaction& transaction, const CaseId& id, const CaseId& other) {
  return FindRecord<v1::CaseLinkRecord>(transaction,
                                        schema::CaseLinkKey(id, other));
}

absl::StatusOr<std::vector<LinkedCase>> ListCaseLinks(Engine& engine,
                                                      const CaseId& id,
                                                      size_t limit) {
  return ReadLinks(engine.Scan(schema::CaseLinks(id), limit));
}

absl::StatusOr<std::vector<LinkedCase>> ListCaseLinks(Transaction& transaction,
                                                      const CaseId& id,
                                                      size_t limit) {
  return ReadLinks(transaction.Scan(schema::CaseLinks(id), limit));
}

}  // namespace frank::storage

// Lists of cases: by an order, by what they have in common, and what links
// them. All scans are untracked.
#ifndef FRANK_STORAGE_CASE_LIST_STORE_H_
#define FRANK_STORAGE_CASE_LIST_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/storage/v1/queue.pb.h"
#include "storage/engine.h"
#include "storage/queue_schema.h"

namespace frank::storage {

// A case in an ordered list. The position sorts as the list does, ends in the
// id, and does not name the state: a place between cases, whatever they do.
struct ListedCase {
  CaseId id;
  std::string position;
};
std::string ListPositionOf(CaseOrder order, const CaseId& id,
                           const v1::CaseRecord& record);

// Cases of the states behind a position, empty for the start: of all queues, by
// an order; of one queue, by priority.
absl::StatusOr<std::vector<ListedCase>> ScanOrderedCases(
    Engine& engine, CaseOrder order, absl::Span<const uint32_t> states,
    absl::string_view after, size_t limit);
absl::StatusOr<std::vector<ListedCase>> ScanQueuedCases(
    Engine& engine, absl::string_view queue, absl::Span<const uint32_t> states,
    absl::string_view after, size_t limit);

// What a case can be looked up by.
enum class CaseTrait {
  kAccused,
  kReporter,
  kModerator,  // holds it, or decided it
  kTag,
};
// Cases with a trait, after the row where an earlier scan ended, empty for the
// start. A case may come twice.
struct TraitRow {
  CaseId id;
  std::string row;
};
absl::StatusOr<std::vector<TraitRow>> ScanCasesWith(Engine& engine,
                                                    CaseTrait trait,
                                                    absl::string_view value,
                                                    absl::string_view after,
                                                    size_t limit);

// How many cases a moderator holds, `limit` at most; tracked.
absl::StatusOr<size_t> CountHeldCases(Transaction& transaction,
                                      absl::string_view moderator,
                                      size_t limit);

// That somebody reported something of a case.
void PutReporterOfCase(Transaction& transaction, absl::string_view reporter,
                       UnixMillis opened_at, const CaseId& id);
absl::StatusOr<bool> IsReporterOfCase(Engine& engine,
                                      absl::string_view reporter,
                                      UnixMillis opened_at, const CaseId& id);
// Whether somebody reported something of any case about an account.
absl::StatusOr<bool> HasReported(Engine& engine, absl::string_view reporter,
                                 absl::string_view accused);

// Links, seen from both sides.
void PutCaseLink(Transaction& transaction, const CaseId& id,
                 const CaseId& other, const v1::CaseLinkRecord& link);
void DeleteCaseLink(Transaction& transaction, const CaseId& id,
                    const CaseId& other);
// Tracked.
absl::StatusOr<absl::optional<v1::CaseLinkRecord>> FindCaseLink(
    Transaction& transaction, const CaseId& id, const CaseId& other);
struct LinkedCase {
  CaseId id;
  v1::CaseLinkRecord link;
};
// By the other case's id; of a transaction tracked.
absl::StatusOr<std::vector<LinkedCase>> ListCaseLinks(Engine& engine,
                                                      const CaseId& id,
                                                      size_t limit);
absl::StatusOr<std::vector<LinkedCase>> ListCaseLinks(Transaction& transaction,
                                                      const CaseId& id,
                                                      size_t limit);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_CASE_LIST_STORE_H_

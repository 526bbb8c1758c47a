// Appeals at the moderators: one for a decision, and the index of those that
// wait for somebody.
#ifndef FRANK_STORAGE_APPEAL_STORE_H_
#define FRANK_STORAGE_APPEAL_STORE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/ids.h"
#include "frank/storage/v1/reporter.pb.h"
#include "storage/engine.h"

namespace frank::storage {

// On disk; never renumbered.
inline constexpr uint32_t kAppealWaiting = 1;
inline constexpr uint32_t kAppealResolved = 2;

// The appeal against a decision; the first is tracked.
absl::StatusOr<absl::optional<v1::AppealRecord>> FindAppeal(
    Transaction& transaction, const DecisionId& id);
absl::StatusOr<absl::optional<v1::AppealRecord>> FindAppeal(
    Engine& engine, const DecisionId& id);

// Writes an appeal and its place in the index, which its state decides. Only
// the state and what became of it ever change.
void PutAppeal(Transaction& transaction, const DecisionId& id,
               const v1::AppealRecord& record);

// The appeals that wait: up to `limit` of each bucket, oldest first over all;
// untracked.
struct WaitingAppeal {
  DecisionId decision;
  v1::AppealRecord record;
};
absl::StatusOr<std::vector<WaitingAppeal>> ListWaitingAppeals(Engine& engine,
                                                              size_t limit);
// Every entry of the index, for watches.
KeyRange WaitingAppealRange();

}  // namespace frank::storage

#endif  // FRANK_STORAGE_APPEAL_STORE_H_

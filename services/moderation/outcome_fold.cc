#include "services/moderation/outcome_fold.h"

#include <vector>

#include "core/log.h"
#include "core/status.h"
#include "services/moderation/reporter_tally.h"
#include "storage/reporter_store.h"

namespace frank::moderation {
namespace {

// Also after a failure, and until it is looked whether another instance does
// the work still.
constexpr UnixMillis kPause = 2 * kSecond;
// Of each bucket, in one round.
constexpr size_t kScan = 16;

}  // namespace

OutcomeFold::OutcomeFold(const Dependencies& dependencies)
    : d_(dependencies), lease_(d_.engine, d_.clock, d_.random, "outcomes") {}

UnixMillis OutcomeFold::FoldSome() {
  absl::StatusOr<UnixMillis> next = TryFold();
  if (next.ok()) return *next;
  Log(Severity::kWarning, "outcomes.not_counted",
      {LogField("code", next.status().code())});
  return kPause;
}

absl::StatusOr<UnixMillis> OutcomeFold::TryFold() {
  FRANK_ASSIGN_OR_RETURN(bool mine, lease_.Acquire());
  if (!mine) return kPause;
  FRANK_ASSIGN_OR_RETURN(std::vector<DecisionId> decisions,
                         storage::ScanUncounted(d_.engine, kScan));
  bool all_counted = true;
  for (const DecisionId& id : decisions) {
    absl::Status counted = Count(id);
    if (ConcernsAll(counted)) return counted;
    if (counted.ok()) continue;
    all_counted = false;
    Log(Severity::kError, "outcome.not_counted",
        {LogField("decision_id", id), LogField("code", counted.code())});
  }
  return all_counted && decisions.size() >= kScan ? 0 : kPause;
}

absl::Status OutcomeFold::Count(const DecisionId& id) {
  return storage::RunTransactionAndWait(
      d_.engine, [&](storage::Transaction& transaction) -> absl::Status {
        FRANK_RETURN_IF_ERROR(lease_.Track(transaction));
        FRANK_ASSIGN_OR_RETURN(bool waits,
                               storage::TakeUncounted(transaction, id));
        return waits ? CountMarks(transaction, id) : absl::OkStatus();
      });
}

}  // namespace frank::moderation

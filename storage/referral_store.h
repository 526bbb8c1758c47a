// Matters for authorities, by the decision that refers.
#ifndef FRANK_STORAGE_REFERRAL_STORE_H_
#define FRANK_STORAGE_REFERRAL_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/ids.h"
#include "frank/storage/v1/referral.pb.h"
#include "storage/engine.h"

namespace frank::storage {

// On disk; never renumbered. frank.v1.ReferralState by number.
enum class ReferralState : uint8_t {
  kWaiting = 1,
  kWithdrawn = 2,
  kAssigned = 3,
  kHandedOver = 4,
};

struct StoredReferral {
  DecisionId id;
  v1::ReferralRecord record;
};

// Whether it is neither handed over nor withdrawn.
bool IsOpen(const v1::ReferralRecord& record);

// One referral; the first is tracked.
absl::StatusOr<absl::optional<v1::ReferralRecord>> FindReferral(
    Transaction& transaction, const DecisionId& id);
absl::StatusOr<absl::optional<v1::ReferralRecord>> FindReferral(
    Engine& engine, const DecisionId& id);
// Writes one and moves it in the lists from where `before` has it (null for a
// new one).
void PutReferral(Transaction& transaction, const DecisionId& id,
                 const v1::ReferralRecord* before,
                 const v1::ReferralRecord& after);

// Up to `limit`, oldest first, of a state or of all; untracked. `after`, when
// not empty, is the position that an earlier page ended at: kInvalidArgument
// "page_token" on another.
struct ReferralPage {
  std::vector<StoredReferral> referrals;
  std::string next;  // empty: there are no more
};
absl::StatusOr<ReferralPage> ListReferrals(
    Engine& engine, const absl::optional<ReferralState>& state,
    absl::string_view after, size_t limit);
// The position of a page that ends with this one, in the list of a state or of
// all.
std::string PositionOf(const absl::optional<ReferralState>& state,
                       const StoredReferral& last);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_REFERRAL_STORE_H_

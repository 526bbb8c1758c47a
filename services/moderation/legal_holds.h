// Legal holds: that a case must be kept, whatever its class says, until
// somebody lifts them all.
#ifndef FRANK_SERVICES_MODERATION_LEGAL_HOLDS_H_
#define FRANK_SERVICES_MODERATION_LEGAL_HOLDS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/ids.h"
#include "core/random.h"
#include "frank/v1/retention.pb.h"
#include "services/common/call.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/moderator.h"
#include "storage/case_store.h"
#include "storage/engine.h"

namespace frank::moderation {

// Without its reason.
v1::LegalHold ToProto(const CaseId& id,
                      const storage::v1::LegalHoldRecord& record);
// With it. kDataLoss when it does not open.
absl::StatusOr<v1::LegalHold> ShowLegalHold(
    const DataKey& case_key, const CaseId& id,
    const storage::v1::LegalHoldRecord& record);

// Thread-safe; never blocks on a commit. Callers are authorized, requests
// checked. Everything it was made of outlives it and its commits.
class LegalHolds {
 public:
  struct Dependencies {
    storage::Engine& engine;
    const KeyVault& vault;
    const Clock& clock;
    RandomSource& random;
  };
  explicit LegalHolds(const Dependencies& dependencies) : d_(dependencies) {}

  // kFailedPrecondition CASE_SHREDDED; kAlreadyExists ID_CONFLICT when the hold
  // was lifted since; kResourceExhausted QUOTA_EXCEEDED.
  void Place(const Moderator& moderator,
             const v1::PlaceLegalHoldRequest& request,
             services::Done<v1::PlaceLegalHoldResponse> done);
  // A case of which that was the last is not due before a grace has passed.
  // kNotFound when the case never had it.
  void Lift(const Moderator& moderator, const v1::LiftLegalHoldRequest& request,
            services::Done<v1::LiftLegalHoldResponse> done);

 private:
  absl::StatusOr<v1::PlaceLegalHoldResponse> Place(
      storage::Transaction& transaction, const Moderator& moderator,
      const v1::PlaceLegalHoldRequest& request) const;
  absl::StatusOr<v1::LiftLegalHoldResponse> Lift(
      storage::Transaction& transaction, const Moderator& moderator,
      const v1::LiftLegalHoldRequest& request) const;

  const Dependencies d_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_LEGAL_HOLDS_H_

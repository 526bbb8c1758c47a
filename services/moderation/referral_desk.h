// Matters for authorities: whom each is for, that it was handed over, that it
// will not be.
#ifndef FRANK_SERVICES_MODERATION_REFERRAL_DESK_H_
#define FRANK_SERVICES_MODERATION_REFERRAL_DESK_H_

#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/ids.h"
#include "core/random.h"
#include "crypto/audit_entry.h"
#include "frank/storage/v1/decision.pb.h"
#include "frank/v1/referral.pb.h"
#include "services/common/call.h"
#include "services/moderation/authorities.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/moderation_metrics.h"
#include "services/moderation/moderator.h"
#include "services/moderation/retention_rules.h"
#include "storage/case_store.h"
#include "storage/engine.h"
#include "storage/referral_store.h"

namespace frank::moderation {

v1::Referral ToProto(const storage::StoredReferral& stored);

// Thread-safe; never blocks on a commit. Callers are authorized, requests
// checked. Each but List writes an act about each case.
class ReferralDesk {
 public:
  // All outlive the desk and its commits.
  struct Dependencies {
    storage::Engine& engine;
    const KeyVault& vault;
    const Authorities& authorities;
    const RetentionRules& rules;
    const Clock& clock;
    RandomSource& random;
    ModerationMetrics& metrics;
  };
  explicit ReferralDesk(const Dependencies& dependencies) : d_(dependencies) {}

  // kInvalidArgument "page_token".
  absl::StatusOr<v1::ListReferralsResponse> List(
      const Moderator& by, const v1::ListReferralsRequest& request) const;
  // As CheckAccess; kNotFound; kInvalidArgument "authority";
  // kFailedPrecondition REFERRAL_STATE.
  void Assign(const Moderator& by, const v1::AssignReferralRequest& request,
              services::Done<v1::AssignReferralResponse> done);
  // As above; kInvalidArgument "handed_over_at", "export_id";
  // kPermissionDenied SECOND_PERSON.
  void RecordHandover(const Moderator& by,
                      const v1::RecordHandoverRequest& request,
                      services::Done<v1::RecordHandoverResponse> done);
  void Withdraw(const Moderator& by, const v1::WithdrawReferralRequest& request,
                services::Done<v1::WithdrawReferralResponse> done);

 private:
  using Record = storage::v1::ReferralRecord;
  // A change under way.
  struct Context {
    storage::Transaction& transaction;
    const Moderator& by;
    UnixMillis now;
    DecisionId id;
    // As it is, and as the change leaves it.
    const Record& before;
    Record* after;
  };
  // What a change does: returns the act, with its details beside the decision;
  // no name for a repeat.
  struct Act {
    std::string name;
    crypto::AuditDetails details;
  };
  using Change = absl::AnyInvocable<absl::StatusOr<Act>(const Context&)>;
  // What it does to the record of each case.
  using ChangeCase =
      absl::AnyInvocable<absl::Status(const Context&, storage::StoredCase*)>;

  // Runs a change in a transaction, counts it, and answers.
  template <typename Response>
  void Run(const Moderator& by, const std::string& decision_id, Change change,
           ChangeCase change_case, services::Done<Response> done);
  // Returns the hash of the act about the first case, empty for a repeat.
  absl::StatusOr<std::string> Apply(storage::Transaction& transaction,
                                    const Moderator& by,
                                    storage::StoredReferral* stored,
                                    Change& change,
                                    ChangeCase& change_case) const;
  // Whether they may see all of its cases.
  absl::StatusOr<bool> IsShownTo(const Moderator& by,
                                 const Record& referral) const;
  absl::StatusOr<storage::v1::DecisionRecord> GetDecision(
      const Context& context) const;
  absl::Status CheckAuthority(const std::string& name) const;
  absl::Status CheckHandover(const Context& context,
                             const v1::RecordHandoverRequest& request) const;
  absl::Status CheckExport(const Context& context,
                           const std::string& export_id) const;

  const Dependencies d_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_REFERRAL_DESK_H_

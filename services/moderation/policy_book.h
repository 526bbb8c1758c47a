// The policies and reasons that decisions name, and the ladder of strikes.
#ifndef FRANK_SERVICES_MODERATION_POLICY_BOOK_H_
#define FRANK_SERVICES_MODERATION_POLICY_BOOK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "frank/config/v1/policy.pb.h"
#include "frank/storage/v1/decision.pb.h"
#include "storage/engine.h"

namespace frank::moderation {

// One version of the policies. Immutable, hence thread-safe.
class PolicyBook {
 public:
  // kInvalidArgument names the field and the rule.
  static absl::StatusOr<PolicyBook> Create(const config::v1::PolicyFile& file);
  // Reads a PolicyFile; an empty path gives the policies that the program
  // brings. kFailedPrecondition names the file and what is wrong.
  static absl::StatusOr<PolicyBook> Load(const std::string& path);

  uint32_t version() const { return version_; }
  const storage::v1::PolicyVersionRecord& policies() const { return policies_; }
  // Fewest strikes first.
  const std::vector<storage::v1::LadderStepRecord>& ladder() const {
    return ladder_;
  }
  UnixMillis strike_lifetime() const { return strike_lifetime_; }

  // Returns the policy of an id, or of the last word of one where that belongs
  // to no other; never a heading. kInvalidArgument "policy".
  absl::StatusOr<storage::v1::PolicyRecord> FindPolicy(
      absl::string_view name) const;
  // Returns a reason of those for acting or of those for not acting.
  // kInvalidArgument "reason".
  absl::StatusOr<storage::v1::ReasonRecord> FindReason(absl::string_view name,
                                                       bool acts) const;

  // Keeps the version in the store with the first decision that names it.
  // kFailedPrecondition when it is there with another text.
  absl::Status Use(storage::Transaction& transaction) const;
  // The same check, for start-up.
  absl::Status CheckStore(storage::Engine& engine) const;

 private:
  PolicyBook() = default;
  absl::Status CheckSame(const storage::v1::PolicyVersionRecord& stored) const;

  uint32_t version_ = 0;
  storage::v1::PolicyVersionRecord policies_;
  std::vector<storage::v1::LadderStepRecord> ladder_;
  UnixMillis strike_lifetime_ = 0;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_POLICY_BOOK_H_

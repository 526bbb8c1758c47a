// How long cases are kept, by the configuration.
#ifndef FRANK_SERVICES_MODERATION_RETENTION_RULES_H_
#define FRANK_SERVICES_MODERATION_RETENTION_RULES_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "frank/config/v1/retention.pb.h"
#include "frank/storage/v1/moderation.pb.h"
#include "services/moderation/authorities.h"
#include "storage/retention_store.h"

namespace frank::moderation {

// Times run from the closing of a case, or from its being handed over.
// Copyable; immutable.
class RetentionRules {
 public:
  // kFailedPrecondition names the field.
  static absl::StatusOr<RetentionRules> Create(
      const config::v1::Retention& config, const Authorities& authorities = {});

  // How long a class is kept; DELETION not at all. What was handed over may be
  // kept longer.
  UnixMillis TimeOf(storage::RetentionClass retention_class) const;
  // How long what was handed over to an authority is kept.
  UnixMillis TimeAt(const std::string& authority) const;
  // When a case is due by its record: never before the time of its class is
  // over. Absent while it is open, under a legal hold, or a referral of it
  // neither handed over nor withdrawn.
  absl::optional<UnixMillis> DueAt(const storage::v1::CaseRecord& record) const;
  // How long entries of the audit log are to be kept.
  UnixMillis audit() const { return audit_; }
  // Nothing is shredded until so long after an account was told of a decision:
  // its time to appeal, and what an appeal may take that meets a server which
  // is away.
  UnixMillis until_appeals_are_in() const { return until_appeals_are_in_; }

 private:
  RetentionRules() = default;

  UnixMillis unproven_ = 0;
  UnixMillis proven_ = 0;
  UnixMillis decided_ = 0;
  UnixMillis referred_ = 0;
  std::map<std::string, UnixMillis> at_authority_;
  UnixMillis audit_ = 0;
  UnixMillis until_appeals_are_in_ = 0;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_RETENTION_RULES_H_

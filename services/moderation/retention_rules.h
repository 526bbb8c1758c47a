// How long cases are kept, by the configuration.
#ifndef FRANK_SERVICES_MODERATION_RETENTION_RULES_H_
#define FRANK_SERVICES_MODERATION_RETENTION_RULES_H_

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "frank/config/v1/retention.pb.h"
#include "storage/retention_store.h"

namespace frank::moderation {

// Times run from the closing of a case. Copyable; immutable.
class RetentionRules {
 public:
  // kFailedPrecondition names the field.
  static absl::StatusOr<RetentionRules> Create(
      const config::v1::Retention& config);

  // How long a class is kept; DELETION not at all.
  UnixMillis TimeOf(storage::RetentionClass retention_class) const;
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
  UnixMillis audit_ = 0;
  UnixMillis until_appeals_are_in_ = 0;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_RETENTION_RULES_H_

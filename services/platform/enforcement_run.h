// One run of the transaction that takes over what the moderators decided.
#ifndef FRANK_SERVICES_PLATFORM_ENFORCEMENT_RUN_H_
#define FRANK_SERVICES_PLATFORM_ENFORCEMENT_RUN_H_

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/storage/v1/platform.pb.h"
#include "frank/v1/enforcement.pb.h"
#include "storage/account_decision_store.h"
#include "storage/enforcement_store.h"
#include "storage/engine.h"
#include "storage/report_store.h"

namespace frank::platform {

// A transaction does not see its own writes, so what a request has changed
// already is kept beside it and written once. Items are checked. Adding one
// that is known changes nothing.
class EnforcementRun {
 public:
  EnforcementRun(storage::Transaction& transaction, UnixMillis now,
                 UnixMillis appeal_period)
      : transaction_(transaction), now_(now), appeal_period_(appeal_period) {}

  absl::Status Add(const v1::EnforcementState& state);
  absl::Status Add(const v1::OutcomeNotice& outcome);
  absl::Status Add(const v1::AppealNotice& appeal);
  absl::Status Write();

 private:
  // Whether it replaces what is stored.
  absl::StatusOr<bool> TakeOver(const v1::EnforcementState& state);
  // Stores a decision that may be appealed; false if it is known.
  absl::StatusOr<bool> AddDecision(const v1::EnforcementState& state);
  absl::StatusOr<bool> WantsNotice(const v1::OutcomeNotice& outcome,
                                   const storage::ReportStatus& status);

  storage::Transaction& transaction_;
  const UnixMillis now_;
  const UnixMillis appeal_period_;
  std::map<std::string, storage::Enforcement> states_;
  std::set<std::string> changed_;
  std::map<std::pair<std::string, ReportId>, storage::ReportStatus> reports_;
  std::set<std::pair<std::string, std::string>> decisions_;
  std::set<std::pair<std::string, std::string>> appeals_;
  std::map<std::string, std::vector<storage::v1::NoticeRecord>> notices_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_ENFORCEMENT_RUN_H_

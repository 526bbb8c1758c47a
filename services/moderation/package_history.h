// What an evidence package says beside the reports: the case and its request,
// the account, the decisions, and the chain of custody.
#ifndef FRANK_SERVICES_MODERATION_PACKAGE_HISTORY_H_
#define FRANK_SERVICES_MODERATION_PACKAGE_HISTORY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/evidence/v1/evidence.pb.h"
#include "frank/storage/v1/evidence.pb.h"
#include "services/moderation/audit_view.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/retention_rules.h"
#include "storage/case_store.h"
#include "storage/engine.h"

namespace frank::moderation {

evidence::v1::Case CaseForPackage(const CaseId& id,
                                  const storage::v1::CaseRecord& record,
                                  const storage::v1::ExportRecord& request,
                                  const storage::v1::ExportWords& words);

// Why the case is kept, and until when, as far as that is known.
evidence::v1::Case::Retention RetentionForPackage(
    const storage::v1::CaseRecord& record, const RetentionRules& rules);

// What holds of the accused account at `now`, and who says so.
absl::Status AddAccountFacts(storage::Engine& engine,
                             const std::string& account, UnixMillis now,
                             evidence::v1::Case* shown);

// kDataLoss when what moderators wrote does not open.
absl::StatusOr<evidence::v1::Decisions> DecisionsForPackage(
    storage::Engine& engine, const KeyVault& vault, const CaseId& id);

// The acts about a case and its reports, with the checkpoint that all of them
// are proven under. Of many the first and the last, and those of the request
// and the release.
struct ShownCustody {
  evidence::v1::Custody custody;
  std::string checkpoint;
};
// kUnavailable while the release, without which nothing may leave, is not in
// the log yet; kDataLoss, LOG_DAMAGED.
absl::StatusOr<ShownCustody> CustodyForPackage(
    storage::Engine& engine, const AuditView& log, const CaseId& id,
    const std::vector<storage::ReportRef>& reports,
    const storage::v1::ExportRecord& request);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_PACKAGE_HISTORY_H_

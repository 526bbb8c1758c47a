// What comes over a case with time: its lease lapses, its hold ends, its tags
// expire, its queue goes out of the configuration.
#ifndef FRANK_SERVICES_MODERATION_CASE_UPKEEP_H_
#define FRANK_SERVICES_MODERATION_CASE_UPKEEP_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "core/ids.h"
#include "crypto/audit_entry.h"
#include "services/moderation/act_log.h"
#include "services/moderation/routing.h"
#include "storage/engine.h"

namespace frank::moderation {

// Does what is due for a case, in one transaction with the acts; nothing is no
// error. Whoever comes first does it, the background worker or a claim. Returns
// whether it took the case from a lease that had ended.
absl::StatusOr<bool> TendCase(storage::Transaction& transaction,
                              const Routing& routing, const CaseId& id,
                              UnixMillis now);

// Writes a case after one act about it, with the act's entry.
absl::Status WriteAct(storage::Transaction& transaction, UnixMillis now,
                      const CaseId& id, const storage::v1::CaseRecord& before,
                      storage::v1::CaseRecord* after, absl::string_view actor,
                      absl::string_view act,
                      const crypto::AuditDetails& details);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_CASE_UPKEEP_H_

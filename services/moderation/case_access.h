// Which cases a moderator may touch: nobody the cases of accounts that they are
// linked to, and those of child safety only with that permission. Whoever
// claims, reveals or decides is checked.
#ifndef FRANK_SERVICES_MODERATION_CASE_ACCESS_H_
#define FRANK_SERVICES_MODERATION_CASE_ACCESS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/ids.h"
#include "core/taxonomy.h"
#include "services/moderation/moderator.h"
#include "storage/case_store.h"
#include "storage/engine.h"

namespace frank::moderation {

// A moderator with their links and permission as they are, tracked.
// kPermissionDenied NOT_PERMITTED when they have been disabled.
absl::StatusOr<Moderator> AsOfNow(storage::Transaction& transaction,
                                  const Moderator& moderator);

// By what authorization knew of them: for choosing among cases.
// kPermissionDenied CHILD_SAFETY_NEEDED, LINKED_ACCOUNT.
absl::Status CheckAccess(const Moderator& moderator,
                         const storage::v1::CaseRecord& record);
// The same with their links and permission as they are, tracked: for acting.
absl::Status CheckAccess(storage::Transaction& transaction,
                         const Moderator& moderator,
                         const storage::v1::CaseRecord& record);
// The same for a case that is read, tracked. kNotFound.
absl::Status CheckAccess(storage::Transaction& transaction,
                         const Moderator& moderator, const CaseId& id);

// Whether a claim of the next case may give them this one: they may touch it
// and have not opted out of what it shows.
bool IsOfferedTo(const Moderator& moderator,
                 const storage::v1::CaseRecord& record);

// As what a reveal of its evidence counts.
Exposure ExposureOf(const storage::v1::CaseRecord& record);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_CASE_ACCESS_H_

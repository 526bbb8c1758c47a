// The lease on a case: (holder, epoch, expires_at). The clock decides only when
// a lease may be taken; whether an act is valid is decided by holder and epoch.
#ifndef FRANK_SERVICES_MODERATION_CASE_LEASE_H_
#define FRANK_SERVICES_MODERATION_CASE_LEASE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "core/ids.h"
#include "services/moderation/case_state.h"
#include "storage/case_store.h"

namespace frank::moderation {

// Whether somebody may take the case: it waits and nobody's lease runs.
bool IsFree(const storage::v1::CaseRecord& record, UnixMillis now);
// Whether its lease has ended without being given back.
bool HasLapsed(const storage::v1::CaseRecord& record, UnixMillis now);

// Takes or gives back; taking raises the epoch.
void TakeLease(absl::string_view holder, UnixMillis expires_at,
               storage::v1::CaseRecord* record);
void DropLease(storage::v1::CaseRecord* record);

// Ends a hold. As StateAfter.
absl::Status Wake(storage::v1::CaseRecord* record);

// Whether somebody decided the case before and so may have no hand in it.
bool IsExcluded(const storage::v1::CaseRecord& record,
                absl::string_view moderator);

// Returns a case, tracked. kNotFound NOT_FOUND.
absl::StatusOr<storage::v1::CaseRecord> GetCase(
    storage::Transaction& transaction, const CaseId& id);

// Whether `holder` holds a case of which its state allows the event: as
// StateAfter; kAborted LEASE_LOST.
absl::Status CheckHeld(const storage::v1::CaseRecord& record,
                       absl::string_view holder, CaseEvent event);

// The same under `epoch`.
absl::Status CheckHeld(const storage::v1::CaseRecord& record,
                       absl::string_view holder, uint64_t epoch,
                       CaseEvent event);

// Whether the lease is still that of `epoch`. kAborted LEASE_LOST.
absl::Status CheckEpoch(const storage::v1::CaseRecord& record, uint64_t epoch);

// Returns a case, tracked, that `holder` holds under `epoch` and of which its
// state allows the event. kNotFound; as CheckHeld.
absl::StatusOr<storage::v1::CaseRecord> GetHeldCase(
    storage::Transaction& transaction, const CaseId& id,
    absl::string_view holder, uint64_t epoch, CaseEvent event);

// Whether nothing has joined the case since `seen`, a revision of it, was
// shown; 0: whatever has. kFailedPrecondition NEW_EVIDENCE.
absl::Status CheckNothingNew(const storage::v1::CaseRecord& record,
                             uint64_t seen);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_CASE_LEASE_H_

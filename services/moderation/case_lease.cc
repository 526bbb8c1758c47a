#include "services/moderation/case_lease.h"

#include <algorithm>

#include "core/status.h"

namespace frank::moderation {

using storage::v1::CaseRecord;

bool IsFree(const CaseRecord& record, UnixMillis now) {
  if (!storage::IsClaimable(record.state())) return false;
  return record.lease().holder().empty() || record.lease().expires_at() <= now;
}

bool HasLapsed(const CaseRecord& record, UnixMillis now) {
  return storage::IsClaimable(record.state()) &&
         !record.lease().holder().empty() && record.lease().expires_at() <= now;
}

void TakeLease(absl::string_view holder, UnixMillis expires_at,
               CaseRecord* record) {
  storage::v1::LeaseRecord* lease = record->mutable_lease();
  lease->set_holder(holder.data(), holder.size());
  lease->set_epoch(lease->epoch() + 1);
  lease->set_expires_at(expires_at);
}

void DropLease(CaseRecord* record) {
  record->mutable_lease()->clear_holder();
  record->mutable_lease()->clear_expires_at();
}

absl::Status Wake(CaseRecord* record) {
  FRANK_ASSIGN_OR_RETURN(uint32_t state,
                         StateAfter(record->state(), CaseEvent::kWake));
  record->set_state(state);
  record->clear_hold_until();
  record->clear_hold_reason_ciphertext();
  return absl::OkStatus();
}

bool IsExcluded(const CaseRecord& record, absl::string_view moderator) {
  const auto& excluded = record.excluded_moderator();
  return std::find(excluded.begin(), excluded.end(), moderator) !=
         excluded.end();
}

absl::StatusOr<CaseRecord> GetCase(storage::Transaction& transaction,
                                   const CaseId& id) {
  FRANK_ASSIGN_OR_RETURN(auto found, storage::FindCase(transaction, id));
  if (!found) {
    return WithReason(absl::NotFoundError("no such case"), "NOT_FOUND");
  }
  return *std::move(found);
}

absl::Status CheckHeld(const CaseRecord& record, absl::string_view holder,
                       CaseEvent event) {
  FRANK_RETURN_IF_ERROR(StateAfter(record.state(), event).status());
  if (record.lease().holder() != holder) {
    return WithReason(absl::AbortedError("the lease is not the caller's"),
                      "LEASE_LOST");
  }
  return absl::OkStatus();
}

absl::Status CheckHeld(const CaseRecord& record, absl::string_view holder,
                       uint64_t epoch, CaseEvent event) {
  FRANK_RETURN_IF_ERROR(CheckHeld(record, holder, event));
  return CheckEpoch(record, epoch);
}

absl::Status CheckEpoch(const CaseRecord& record, uint64_t epoch) {
  if (record.lease().epoch() == epoch) return absl::OkStatus();
  return WithReason(absl::AbortedError("the lease has been taken since"),
                    "LEASE_LOST");
}

absl::StatusOr<CaseRecord> GetHeldCase(storage::Transaction& transaction,
                                       const CaseId& id,
                                       absl::string_view holder, uint64_t epoch,
                                       CaseEvent event) {
  FRANK_ASSIGN_OR_RETURN(CaseRecord record, GetCase(transaction, id));
  FRANK_RETURN_IF_ERROR(CheckHeld(record, holder, epoch, event));
  return record;
}

absl::Status CheckNothingNew(const CaseRecord& record, uint64_t seen) {
  if (seen == 0 || record.joined_revision() <= seen) return absl::OkStatus();
  return WithReason(
      absl::FailedPreconditionError(
          "a report has joined the case since it was shown; look again"),
      "NEW_EVIDENCE");
}

}  // namespace frank::moderation

#include "services/moderation/worker_lease.h"

#include <utility>

#include "core/bytes.h"
#include "core/limits.h"
#include "core/status.h"
#include "storage/intake_store.h"

namespace frank::moderation {
namespace {

// Clocks that differ a little, and whoever was faster, do not come so far.
bool WasSetBack(UnixMillis expires_at, UnixMillis now) {
  return expires_at > now + 2 * limits::kWorkerLease;
}

}  // namespace

WorkerLease::WorkerLease(storage::Engine& engine, const Clock& clock,
                         RandomSource& random, std::string job)
    : engine_(engine),
      clock_(clock),
      job_(std::move(job)),
      holder_(ToHex(random.Draw<16>())) {}

absl::StatusOr<bool> WorkerLease::Acquire() {
  bool mine = false;
  uint64_t epoch = 0;
  absl::Status status = storage::RunTransactionAndWait(
      engine_, [&](storage::Transaction& transaction) -> absl::Status {
        UnixMillis now = clock_.Now();
        FRANK_ASSIGN_OR_RETURN(auto lease,
                               storage::GetWorkerLease(transaction, job_));
        bool held = lease.holder() == holder_;
        bool set_back = WasSetBack(lease.expires_at(), now);
        mine = held || lease.holder().empty() || lease.expires_at() <= now ||
               set_back;
        if (!mine) return absl::OkStatus();
        epoch = lease.epoch() + (held ? 0 : 1);
        // Most of it is left: nothing to write.
        if (held && !set_back &&
            lease.expires_at() > now + limits::kWorkerLease / 2) {
          return absl::OkStatus();
        }
        lease.set_holder(holder_);
        lease.set_epoch(epoch);
        lease.set_expires_at(now + limits::kWorkerLease);
        storage::PutWorkerLease(transaction, job_, lease);
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  epoch_ = epoch;
  return mine;
}

void WorkerLease::Release() {
  (void)storage::RunTransactionAndWait(
      engine_, [&](storage::Transaction& transaction) -> absl::Status {
        FRANK_ASSIGN_OR_RETURN(auto lease,
                               storage::GetWorkerLease(transaction, job_));
        if (lease.holder() != holder_) return absl::OkStatus();
        lease.clear_holder();
        lease.clear_expires_at();
        storage::PutWorkerLease(transaction, job_, lease);
        return absl::OkStatus();
      });
}

absl::Status WorkerLease::Track(storage::Transaction& transaction) const {
  FRANK_ASSIGN_OR_RETURN(auto lease,
                         storage::GetWorkerLease(transaction, job_));
  if (lease.holder() != holder_ || lease.epoch() != epoch_) {
    return absl::FailedPreconditionError("the worker's lease has been taken");
  }
  return absl::OkStatus();
}

bool ConcernsAll(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsFailedPrecondition(status) ||
         absl::IsResourceExhausted(status) || absl::IsCancelled(status);
}

}  // namespace frank::moderation

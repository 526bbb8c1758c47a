#include "services/moderation/audit_sequencer.h"

#include <algorithm>

#include "absl/time/time.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/status.h"
#include "services/moderation/audit_batch.h"

namespace frank::moderation {
namespace {

// When nothing waits: acts wake it.
constexpr UnixMillis kIdle = 30 * kSecond;
constexpr UnixMillis kAfterFailure = 1 * kSecond;

using storage::PendingActs;

void LogLosses(const std::vector<storage::AuditLoss>& losses) {
  for (const storage::AuditLoss& loss : losses) {
    Log(Severity::kError, "audit.acts_lost",
        {LogField("first_number", loss.first.number),
         LogField("last_number", loss.record.last_number())});
  }
}

}  // namespace

AuditSequencer::AuditSequencer(const Dependencies& dependencies)
    : d_(dependencies), lease_(d_.engine, d_.clock, d_.random, "audit") {}

UnixMillis AuditSequencer::SequenceSome() {
  absl::StatusOr<UnixMillis> next = TrySequence();
  if (next.ok()) return *next;
  bool damaged = absl::IsDataLoss(next.status());
  Log(damaged ? Severity::kError : Severity::kWarning,
      damaged ? "audit.log_damaged" : "audit.failed",
      {LogField("code", next.status().code())});
  return damaged ? kIdle : kAfterFailure;
}

absl::StatusOr<UnixMillis> AuditSequencer::TrySequence() {
  FRANK_ASSIGN_OR_RETURN(bool mine, lease_.Acquire());
  if (!mine) return limits::kWorkerLeaseLook;
  FRANK_ASSIGN_OR_RETURN(std::vector<PendingActs> pending,
                         storage::ScanPending(d_.engine, limits::kAuditBatch));
  UnixMillis now = d_.clock.Now();
  bool fresh =
      now >= signed_at_ && now < signed_at_ + limits::kCheckpointRefresh;
  if (pending.empty() && fresh) return kIdle;
  if (!pending.empty() && pending.front().time + limits::kAuditLag < now) {
    Log(Severity::kWarning, "audit.behind",
        {LogField("by", absl::Milliseconds(now - pending.front().time))});
  }
  FRANK_ASSIGN_OR_RETURN(bool all, Append(pending));
  signed_at_ = now;
  return all && pending.size() < limits::kAuditBatch ? kIdle : 0;
}

absl::StatusOr<bool> AuditSequencer::Append(
    const std::vector<PendingActs>& pending) {
  std::vector<storage::AuditLoss> losses;
  bool all = false;
  absl::Status committed = storage::RunTransactionAndWait(
      d_.engine, [&](storage::Transaction& transaction) -> absl::Status {
        FRANK_RETURN_IF_ERROR(lease_.Track(transaction));
        AuditBatch batch(transaction, d_.keys, d_.clock.Now());
        FRANK_RETURN_IF_ERROR(batch.Run(pending));
        losses = batch.losses();
        all = batch.took_all();
        return absl::OkStatus();
      });
  FRANK_RETURN_IF_ERROR(committed);
  LogLosses(losses);
  return all;
}

}  // namespace frank::moderation

#include "services/moderation/audit_sequencer.h"

#include <algorithm>

#include "absl/time/time.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/status.h"
#include "services/moderation/audit_batch.h"

namespace frank::moderation {
namespace {

// When nothing waits: cursors are moved now and then.
constexpr UnixMillis kIdle = 30 * kSecond;
constexpr UnixMillis kAfterFailure = 1 * kSecond;
// How often all is looked at. What was committed long after its time, or while
// the clock was back, is found then; that its subject's later acts may have
// been taken before does not matter, for they take it along.
constexpr UnixMillis kWholeLook = 1 * kSecond;
// How long before the last look at all a look at what came lately begins.
constexpr UnixMillis kLately = 2 * kSecond;
// A cursor stays so far behind the clock that acts under way are not disturbed.
constexpr UnixMillis kCursorDistance = 30 * kSecond;
// How far a cursor is moved at least: what it costs is small against that.
constexpr UnixMillis kCursorStep = 1 * kMinute;

// How many are appended before the cursors are looked at, though more waits.
constexpr size_t kBatchesBetweenCursors = 64;

using storage::PendingAct;

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
  looked_at_ = 0;
  bool damaged = absl::IsDataLoss(next.status());
  Log(damaged ? Severity::kError : Severity::kWarning,
      damaged ? "audit.log_damaged" : "audit.failed",
      {LogField("code", next.status().code())});
  return damaged ? kIdle : kAfterFailure;
}

absl::StatusOr<UnixMillis> AuditSequencer::TrySequence() {
  FRANK_ASSIGN_OR_RETURN(bool mine, lease_.Acquire());
  if (!mine) {
    looked_at_ = 0;
    return limits::kWorkerLeaseLook;
  }
  bool whole = false;
  FRANK_ASSIGN_OR_RETURN(std::vector<PendingAct> pending, Look(&whole));
  UnixMillis now = d_.clock.Now();
  bool fresh =
      now >= signed_at_ && now < signed_at_ + limits::kCheckpointRefresh;
  if (pending.empty() && fresh) {
    if (!whole) return kWholeLook;
    FRANK_RETURN_IF_ERROR(AdvanceCursors());
    return kIdle;
  }
  if (!pending.empty() && pending.front().time + limits::kAuditLag < now) {
    Log(Severity::kWarning, "audit.behind",
        {LogField("by", absl::Milliseconds(now - pending.front().time))});
  }
  FRANK_RETURN_IF_ERROR(Append(pending));
  signed_at_ = now;
  // A log that is never idle must not scan from its beginning for ever.
  if (++batches_ >= kBatchesBetweenCursors) {
    FRANK_RETURN_IF_ERROR(AdvanceCursors());
  }
  return 0;
}

absl::StatusOr<std::vector<PendingAct>> AuditSequencer::Look(bool* whole) {
  const UnixMillis now = d_.clock.Now();
  *whole = now < looked_at_ || now >= looked_at_ + kWholeLook;
  const UnixMillis from =
      *whole ? 0 : looked_at_ - std::min(looked_at_, kLately);
  FRANK_ASSIGN_OR_RETURN(
      std::vector<PendingAct> pending,
      storage::ScanPending(d_.engine, limits::kAuditBatch, from));
  if (*whole) looked_at_ = pending.size() < limits::kAuditBatch ? now : 0;
  return pending;
}

absl::Status AuditSequencer::Append(const std::vector<PendingAct>& pending) {
  std::vector<storage::AuditLoss> losses;
  absl::Status committed = storage::RunTransactionAndWait(
      d_.engine, [&](storage::Transaction& transaction) -> absl::Status {
        FRANK_RETURN_IF_ERROR(lease_.Track(transaction));
        AuditBatch batch(transaction, d_.keys, d_.clock.Now());
        FRANK_RETURN_IF_ERROR(batch.Run(pending));
        losses = batch.losses();
        return absl::OkStatus();
      });
  FRANK_RETURN_IF_ERROR(committed);
  LogLosses(losses);
  for (const PendingAct& act : pending) {
    cursors_[storage::schema::AuditBucketOf(act.act.subject)].left_behind =
        true;
  }
  return absl::OkStatus();
}

absl::Status AuditSequencer::AdvanceCursors() {
  batches_ = 0;
  UnixMillis now = d_.clock.Now();
  for (uint8_t bucket = 0; bucket < cursors_.size(); ++bucket) {
    Cursor& cursor = cursors_[bucket];
    bool far = cursor.at + kCursorStep + kCursorDistance <= now;
    if (!cursor.left_behind || !far) continue;
    UnixMillis until = now - kCursorDistance;
    bool advanced = false;
    absl::Status committed = storage::RunTransactionAndWait(
        d_.engine, [&](storage::Transaction& transaction) -> absl::Status {
          FRANK_RETURN_IF_ERROR(lease_.Track(transaction));
          FRANK_ASSIGN_OR_RETURN(
              advanced, storage::AdvanceCursor(transaction, bucket, until));
          return absl::OkStatus();
        });
    FRANK_RETURN_IF_ERROR(committed);
    if (advanced) cursor = {until, false};
  }
  return absl::OkStatus();
}

}  // namespace frank::moderation

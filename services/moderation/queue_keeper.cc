#include "services/moderation/queue_keeper.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/limits.h"
#include "core/log.h"
#include "core/status.h"
#include "services/moderation/case_upkeep.h"
#include "storage/attendance_store.h"
#include "storage/case_change_store.h"
#include "storage/case_index.h"
#include "storage/queue_schema.h"

namespace frank::moderation {
namespace {

constexpr UnixMillis kPause = 1 * kSecond;
// Of each bucket, in one pass.
constexpr size_t kScan = 32;
// How often it is noted until when all is handled.
constexpr UnixMillis kSweepInterval = 1 * kMinute;
// How exactly the retention of changes is kept.
constexpr UnixMillis kMarkInterval = 10 * kMinute;
constexpr size_t kTrim = 1000;
// Who looks at cases: how often the rows are looked through, and how many at a
// time.
constexpr UnixMillis kForgetInterval = 1 * kMinute;
constexpr size_t kAttendance = 500;

}  // namespace

QueueKeeper::QueueKeeper(const Dependencies& dependencies)
    : d_(dependencies), lease_(d_.engine, d_.clock, d_.random, "queue") {}

UnixMillis QueueKeeper::Tend() {
  absl::StatusOr<UnixMillis> next = TryTend();
  if (next.ok()) return *next;
  Log(Severity::kWarning, "queue.not_tended",
      {LogField("code", next.status().code())});
  return kPause;
}

absl::Status QueueKeeper::Run(storage::TransactionBody body) {
  return storage::RunTransactionAndWait(
      d_.engine,
      [this, body = std::move(body)](
          storage::Transaction& transaction) mutable -> absl::Status {
        FRANK_RETURN_IF_ERROR(lease_.Track(transaction));
        return body(transaction);
      });
}

absl::StatusOr<UnixMillis> QueueKeeper::TryTend() {
  FRANK_ASSIGN_OR_RETURN(bool mine, lease_.Acquire());
  if (!mine) return limits::kWorkerLeaseLook;
  UnixMillis now = d_.clock.Now();
  FRANK_ASSIGN_OR_RETURN(std::vector<CaseId> due, ScanDue(now));
  FRANK_ASSIGN_OR_RETURN(size_t tended, TendCases(due, now));
  FRANK_RETURN_IF_ERROR(KeepChanges(now));
  FRANK_RETURN_IF_ERROR(ForgetAttendance(now));
  if (tended > 0) return 0;
  if (due.empty()) FRANK_RETURN_IF_ERROR(NoteSwept(now));
  return kPause;
}

absl::StatusOr<std::vector<CaseId>> QueueKeeper::ScanDue(UnixMillis now) {
  FRANK_ASSIGN_OR_RETURN(UnixMillis from,
                         storage::GetSweepStart(d_.engine, now));
  FRANK_ASSIGN_OR_RETURN(std::vector<CaseId> due,
                         storage::ScanLapsedCases(d_.engine, from, now, kScan));
  FRANK_ASSIGN_OR_RETURN(std::vector<CaseId> timed,
                         storage::ScanTimedCases(d_.engine, from, now, kScan));
  due.insert(due.end(), timed.begin(), timed.end());
  std::vector<std::string> queues;
  for (const Routing::Queue& queue : d_.routing.queues()) {
    queues.push_back(queue.name);
  }
  FRANK_ASSIGN_OR_RETURN(
      std::vector<CaseId> stray,
      storage::ScanStrayCases(d_.engine, std::move(queues), kScan));
  due.insert(due.end(), stray.begin(), stray.end());
  return due;
}

absl::StatusOr<size_t> QueueKeeper::TendCases(const std::vector<CaseId>& due,
                                              UnixMillis now) {
  size_t tended = 0;
  for (const CaseId& id : due) {
    bool lapsed = false;
    absl::Status status = Run([&](storage::Transaction& t) -> absl::Status {
      FRANK_ASSIGN_OR_RETURN(lapsed, TendCase(t, d_.routing, id, now));
      return absl::OkStatus();
    });
    if (ConcernsAll(status)) return status;
    if (status.ok()) {
      if (lapsed) d_.metrics.LeaseExpired();
      ++tended;
      continue;
    }
    // One damaged case must not stand in the way of the others.
    Log(Severity::kError, "case.not_tended",
        {LogField("case_id", id), LogField("code", status.code())});
  }
  return tended;
}

absl::Status QueueKeeper::NoteSwept(UnixMillis now) {
  // Also when the clock has been set back: what is taken then is due before.
  if (now >= swept_at_ && now < swept_at_ + kSweepInterval) {
    return absl::OkStatus();
  }
  FRANK_RETURN_IF_ERROR(Run([now](storage::Transaction& transaction) {
    storage::PutSweptUntil(transaction, now);
    return absl::OkStatus();
  }));
  swept_at_ = now;
  return absl::OkStatus();
}

absl::Status QueueKeeper::KeepChanges(UnixMillis now) {
  if (now < marked_at_ + kMarkInterval) return absl::OkStatus();
  FRANK_ASSIGN_OR_RETURN(storage::ChangeNumbers last,
                         storage::GetLastChanges(d_.engine));
  FRANK_RETURN_IF_ERROR(Run([now, &last](storage::Transaction& transaction) {
    storage::PutChangeMark(transaction, now, last);
    return absl::OkStatus();
  }));
  marked_at_ = now;
  return TrimChanges(now);
}

absl::Status QueueKeeper::ForgetAttendance(UnixMillis now) {
  if (now >= forgot_at_ && now < forgot_at_ + kForgetInterval) {
    return absl::OkStatus();
  }
  std::string after;
  do {
    std::string next;
    FRANK_RETURN_IF_ERROR(Run([&](storage::Transaction& t) -> absl::Status {
      FRANK_ASSIGN_OR_RETURN(
          next, storage::SweepAttendance(
                    t, now - std::min(now, storage::kSweepMargin), after,
                    kAttendance));
      return absl::OkStatus();
    }));
    after = std::move(next);
  } while (!after.empty());
  forgot_at_ = now;
  return absl::OkStatus();
}

absl::Status QueueKeeper::TrimChanges(UnixMillis now) {
  if (now < limits::kChangeRetention) return absl::OkStatus();
  UnixMillis old = now - limits::kChangeRetention;
  FRANK_ASSIGN_OR_RETURN(auto mark, storage::FindChangeMark(d_.engine, old));
  if (!mark) return absl::OkStatus();
  for (uint8_t bucket = 0; bucket < mark->number_size(); ++bucket) {
    bool done = false;
    while (!done) {
      FRANK_RETURN_IF_ERROR(
          Run([&, bucket](storage::Transaction& transaction) -> absl::Status {
            FRANK_ASSIGN_OR_RETURN(
                done, storage::TrimChanges(transaction, bucket,
                                           mark->number(bucket) + 1, kTrim));
            return absl::OkStatus();
          }));
    }
  }
  return Run([old](storage::Transaction& transaction) {
    return storage::DeleteChangeMarks(transaction, old);
  });
}

}  // namespace frank::moderation

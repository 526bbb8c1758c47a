#include "services/moderation/retention_keeper.h"

#include <iterator>
#include <string>
#include <utility>

#include "core/limits.h"
#include "core/log.h"
#include "core/status.h"
#include "frank/v1/retention.pb.h"
#include "services/moderation/case_erasure.h"
#include "services/moderation/case_lease.h"
#include "services/moderation/case_state.h"
#include "services/moderation/case_upkeep.h"
#include "services/moderation/retention_obstacles.h"
#include "storage/case_store.h"
#include "storage/wrapped_key_store.h"

namespace frank::moderation {
namespace {

using storage::v1::CaseRecord;

// Between two rounds over what is closed.
constexpr UnixMillis kPause = 10 * kSecond;
// Cases that are looked at, and then shredded together, in one pass: rewriting
// the keys' files costs the same for one and for many.
constexpr size_t kLooks = 64;
// Those that cannot be erased must not stand in the way of the others.
constexpr size_t kMarked = 16 * kLooks;
constexpr size_t kRanges =
    std::size(storage::kRetentionClasses) * storage::schema::kBuckets;

void LogNotDone(const CaseId& id, const absl::Status& status) {
  Log(Severity::kError, "case.not_shredded",
      {LogField("case_id", id), LogField("code", status.code())});
}

}  // namespace

RetentionKeeper::RetentionKeeper(const Dependencies& dependencies)
    : d_(dependencies), lease_(d_.engine, d_.clock, d_.random, "retention") {}

UnixMillis RetentionKeeper::Tend() {
  absl::StatusOr<UnixMillis> next = TryTend();
  if (next.ok()) return *next;
  Log(Severity::kWarning, "retention.not_tended",
      {LogField("code", next.status().code())});
  return kPause;
}

absl::Status RetentionKeeper::Run(storage::TransactionBody body) {
  return storage::RunTransactionAndWait(
      d_.engine,
      [this, body = std::move(body)](
          storage::Transaction& transaction) mutable -> absl::Status {
        FRANK_RETURN_IF_ERROR(lease_.Track(transaction));
        return body(transaction);
      });
}

absl::StatusOr<UnixMillis> RetentionKeeper::TryTend() {
  FRANK_ASSIGN_OR_RETURN(bool mine, lease_.Acquire());
  if (!mine) return limits::kWorkerLeaseLook;
  FRANK_ASSIGN_OR_RETURN(bool round_is_over, MarkSome(d_.clock.Now()));
  FRANK_RETURN_IF_ERROR(ShredMarked());
  return round_is_over ? kPause : 0;
}

absl::StatusOr<bool> RetentionKeeper::MarkSome(UnixMillis now) {
  size_t looks_left = kLooks;
  while (place_.range < kRanges && looks_left > 0) {
    storage::RetentionClass retention_class =
        storage::kRetentionClasses[place_.range / storage::schema::kBuckets];
    const UnixMillis time = d_.rules.TimeOf(retention_class);
    std::vector<storage::ClosedCase> closed;
    if (time <= now) {
      FRANK_ASSIGN_OR_RETURN(
          closed,
          storage::ScanClosedCases(d_.engine, retention_class,
                                   place_.range % storage::schema::kBuckets,
                                   place_.after, now - time, looks_left));
    }
    for (const storage::ClosedCase& due : closed) {
      absl::Status marked =
          Run([this, id = due.id, now](storage::Transaction& transaction) {
            return Mark(transaction, id, now);
          });
      if (ConcernsAll(marked)) return marked;
      if (!marked.ok()) LogNotDone(due.id, marked);
      place_.after = due;
    }
    if (closed.size() < looks_left) place_ = {place_.range + 1, {}};
    looks_left -= closed.size();
  }
  if (place_.range < kRanges) return false;
  place_ = {};
  return true;
}

absl::Status RetentionKeeper::Mark(storage::Transaction& transaction,
                                   const CaseId& id, UnixMillis now) const {
  FRANK_ASSIGN_OR_RETURN(CaseRecord before, GetCase(transaction, id));
  // Something may have changed since it was found.
  const absl::optional<UnixMillis> due_at = d_.rules.DueAt(before);
  if (!due_at || *due_at > now) return absl::OkStatus();
  FRANK_ASSIGN_OR_RETURN(
      auto obstacles, FindObstacles(d_.engine, transaction, d_.rules, id, now));
  if (!obstacles.empty()) return absl::OkStatus();
  CaseRecord after = before;
  FRANK_ASSIGN_OR_RETURN(uint32_t state,
                         StateAfter(before.state(), CaseEvent::kShred));
  after.set_state(state);
  return storage::PutCase(transaction, id, &before, &after);
}

absl::Status RetentionKeeper::ShredMarked() {
  FRANK_ASSIGN_OR_RETURN(std::vector<CaseId> marked,
                         storage::ScanShreddingCases(d_.engine, kMarked));
  std::vector<CaseId> erased;
  for (const CaseId& id : marked) {
    absl::Status done =
        CaseErasure(d_.engine, id, [this](storage::TransactionBody body) {
          return Run(std::move(body));
        }).EraseAll();
    if (ConcernsAll(done)) return done;
    if (done.ok()) {
      erased.push_back(id);
    } else {
      LogNotDone(id, done);
    }
  }
  if (erased.empty()) return absl::OkStatus();
  FRANK_RETURN_IF_ERROR(storage::PurgeDeletedKeys(d_.engine));
  // That may have taken longer than the lease: who has it now does it again.
  FRANK_ASSIGN_OR_RETURN(bool mine, lease_.Acquire());
  if (!mine) return absl::OkStatus();
  for (const CaseId& id : erased) {
    FRANK_RETURN_IF_ERROR(Run([this, id](storage::Transaction& transaction) {
      return Finish(transaction, id);
    }));
  }
  Log(Severity::kInfo, "retention.shredded",
      {LogField("cases", erased.size())});
  return absl::OkStatus();
}

absl::Status RetentionKeeper::Finish(storage::Transaction& transaction,
                                     const CaseId& id) const {
  const UnixMillis now = d_.clock.Now();
  FRANK_ASSIGN_OR_RETURN(CaseRecord before, GetCase(transaction, id));
  FRANK_ASSIGN_OR_RETURN(uint32_t state,
                         StateAfter(before.state(), CaseEvent::kErased));
  CaseRecord after = before;
  after.set_state(state);
  after.clear_hold_reason_ciphertext();
  after.clear_language_hint();
  after.mutable_retention()->set_shredded_at(now);
  const auto retention_class =
      static_cast<v1::RetentionClass>(storage::RetentionClassOf(before));
  return WriteAct(transaction, now, id, before, &after, ServiceActor(),
                  "case.shredded",
                  crypto::AuditDetails()
                      .Set("class", v1::RetentionClass_Name(retention_class))
                      .Set("closed_at", before.retention().closed_at())
                      .Set("reports", uint64_t{before.report_count()})
                      .Set("proven", uint64_t{before.proven_count()}));
}

}  // namespace frank::moderation

#include "services/moderation/case_upkeep.h"

#include <string>

#include "core/status.h"
#include "services/moderation/case_facts.h"
#include "services/moderation/case_lease.h"
#include "storage/case_store.h"

namespace frank::moderation {
namespace {

using storage::v1::CaseRecord;

// One run over one case: what it changes and the acts about it.
class Upkeep {
 public:
  Upkeep(storage::Transaction& transaction, const CaseId& id, UnixMillis now)
      : transaction_(transaction),
        id_(id),
        now_(now),
        acts_(transaction, now) {}

  // Returns whether a lease had ended.
  absl::StatusOr<bool> Run(const Routing& routing) {
    FRANK_ASSIGN_OR_RETURN(before_, GetCase(transaction_, id_));
    after_ = before_;
    FRANK_RETURN_IF_ERROR(ReturnLapsed());
    FRANK_RETURN_IF_ERROR(WakeHeld());
    FRANK_RETURN_IF_ERROR(DropTags());
    FRANK_RETURN_IF_ERROR(LeaveLostQueue(routing));
    if (!changed_) return false;
    FRANK_RETURN_IF_ERROR(
        storage::PutCase(transaction_, id_, &before_, &after_));
    FRANK_RETURN_IF_ERROR(acts_.Write());
    return HasLapsed(before_, now_);
  }

 private:
  absl::Status Add(absl::string_view act, const crypto::AuditDetails& details) {
    changed_ = true;
    return acts_.Add(CaseSubject(id_), ServiceActor(), act, details).status();
  }

  absl::Status ReturnLapsed() {
    if (!HasLapsed(before_, now_)) return absl::OkStatus();
    FRANK_ASSIGN_OR_RETURN(uint32_t state,
                           StateAfter(before_.state(), CaseEvent::kLapse));
    after_.set_state(state);
    DropLease(&after_);
    return Add("case.returned",
               crypto::AuditDetails().Set("epoch", before_.lease().epoch()));
  }

  absl::Status WakeHeld() {
    if (before_.state() != storage::kCaseOnHold ||
        before_.hold_until() > now_) {
      return absl::OkStatus();
    }
    FRANK_RETURN_IF_ERROR(Wake(&after_));
    return Add("case.woken", crypto::AuditDetails());
  }

  absl::Status DropTags() {
    auto* tags = after_.mutable_tag();
    for (int i = tags->size() - 1; i >= 0; --i) {
      UnixMillis end = tags->Get(i).expires_at();
      if (end == 0 || end > now_) continue;
      FRANK_RETURN_IF_ERROR(
          Add("case.untagged",
              crypto::AuditDetails().Set("tag", tags->Get(i).name())));
      tags->DeleteSubrange(i, 1);
    }
    return absl::OkStatus();
  }

  // Who put it there by hand cannot have it there any more.
  absl::Status LeaveLostQueue(const Routing& routing) {
    if (!storage::IsClaimable(after_.state()) ||
        routing.Find(after_.queue()) != nullptr) {
      return absl::OkStatus();
    }
    changed_ = true;
    after_.clear_queue_by_hand();
    return RouteCase(routing, transaction_, id_, acts_, &after_);
  }

  storage::Transaction& transaction_;
  const CaseId id_;
  const UnixMillis now_;
  ActLog acts_;
  CaseRecord before_;
  CaseRecord after_;
  bool changed_ = false;
};

}  // namespace

absl::StatusOr<bool> TendCase(storage::Transaction& transaction,
                              const Routing& routing, const CaseId& id,
                              UnixMillis now) {
  return Upkeep(transaction, id, now).Run(routing);
}

absl::Status WriteAct(storage::Transaction& transaction, UnixMillis now,
                      const CaseId& id, const CaseRecord& before,
                      CaseRecord* after, absl::string_view actor,
                      absl::string_view act,
                      const crypto::AuditDetails& details) {
  FRANK_RETURN_IF_ERROR(storage::PutCase(transaction, id, &before, after));
  ActLog acts(transaction, now);
  FRANK_RETURN_IF_ERROR(
      acts.Add(CaseSubject(id), actor, act, details).status());
  return acts.Write();
}

}  // namespace frank::moderation

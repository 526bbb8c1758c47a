#include "services/moderation/retention_obstacles.h"

#include "core/limits.h"
#include "core/status.h"
#include "services/moderation/decision_plan.h"
#include "services/moderation/decision_proto.h"
#include "services/moderation/export_words.h"
#include "storage/decision_store.h"
#include "storage/effect_store.h"
#include "storage/evidence_package_store.h"
#include "storage/referral_store.h"

namespace frank::moderation {
namespace {

using storage::v1::DecisionRecord;

// The decisions of one case.
class Obstacles {
 public:
  Obstacles(storage::Transaction& transaction, const RetentionRules& rules,
            UnixMillis now)
      : transaction_(transaction), rules_(rules), now_(now) {}

  absl::Status Look(const DecisionId& id) {
    FRANK_ASSIGN_OR_RETURN(auto record,
                           storage::FindDecision(transaction_, id));
    if (!record) return absl::DataLossError("a decision of a case is missing");
    FRANK_RETURN_IF_ERROR(LookForEffects(id, *record));
    LookForAppeal(*record);
    FRANK_ASSIGN_OR_RETURN(auto referral,
                           storage::FindReferral(transaction_, id));
    if (referral && storage::IsOpen(*referral)) {
      found_.insert(v1::RETENTION_OBSTACLE_REFERRAL);
    }
    return absl::OkStatus();
  }

  void LookAt(const storage::v1::ExportRecord& record) {
    const v1::ExportState state = StateOf(record, now_);
    if (state == v1::EXPORT_STATE_WAITING ||
        (state == v1::EXPORT_STATE_RELEASED && record.fetch_count() == 0)) {
      found_.insert(v1::RETENTION_OBSTACLE_REFERRAL);
    }
  }

  std::set<v1::RetentionObstacle> Take() { return std::move(found_); }

 private:
  // While there is one, the decision can be undone, which opens its cases.
  absl::Status LookForEffects(const DecisionId& id,
                              const DecisionRecord& record) {
    for (uint32_t i = 0; i < record.effect_count(); ++i) {
      FRANK_ASSIGN_OR_RETURN(
          auto row,
          storage::FindEffect(transaction_, {record.effects_due_at(), id, i}));
      if (!row) continue;
      found_.insert(v1::RETENTION_OBSTACLE_EFFECTS);
      break;
    }
    return absl::OkStatus();
  }

  void LookForAppeal(const DecisionRecord& record) {
    if (record.state() != v1::DECISION_STATE_MADE ||
        !ConcernsAccount(ActionsOf(record))) {
      return;
    }
    // It may be made once. Until somebody has decided it, all cases of the
    // decision are what it is about, not that alone which holds it.
    for (int i = record.event_size() - 1; i >= 0; --i) {
      switch (record.event(i).kind()) {
        case v1::DECISION_EVENT_KIND_APPEALED:
          found_.insert(v1::RETENTION_OBSTACLE_APPEAL_PERIOD);
          return;
        case v1::DECISION_EVENT_KIND_APPEAL_UPHELD:
          return;
        default:
          break;
      }
    }
    if (record.told_at() == 0) {
      found_.insert(v1::RETENTION_OBSTACLE_EFFECTS);
    } else if (now_ < record.told_at() + rules_.until_appeals_are_in()) {
      found_.insert(v1::RETENTION_OBSTACLE_APPEAL_PERIOD);
    }
  }

  storage::Transaction& transaction_;
  const RetentionRules& rules_;
  const UnixMillis now_;
  std::set<v1::RetentionObstacle> found_;
};

}  // namespace

absl::StatusOr<std::set<v1::RetentionObstacle>> FindObstacles(
    storage::Engine& engine, storage::Transaction& transaction,
    const RetentionRules& rules, const CaseId& id, UnixMillis now) {
  FRANK_ASSIGN_OR_RETURN(auto decisions, storage::ListDecisions(engine, id));
  Obstacles obstacles(transaction, rules, now);
  for (const storage::StoredDecision& decision : decisions) {
    FRANK_RETURN_IF_ERROR(obstacles.Look(decision.id));
  }
  FRANK_ASSIGN_OR_RETURN(
      auto newest, storage::ListExports(engine, id, "", limits::kMaxPageSize));
  for (const storage::StoredExport& stored : newest.exports) {
    FRANK_ASSIGN_OR_RETURN(auto record,
                           storage::FindExport(transaction, stored.id));
    if (record) obstacles.LookAt(*record);
  }
  return obstacles.Take();
}

}  // namespace frank::moderation

// What keeps a closed case from being shredded although its time is over.
#ifndef FRANK_SERVICES_MODERATION_RETENTION_OBSTACLES_H_
#define FRANK_SERVICES_MODERATION_RETENTION_OBSTACLES_H_

#include <set>

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/v1/retention.pb.h"
#include "services/moderation/retention_rules.h"
#include "storage/engine.h"

namespace frank::moderation {

// Looks at the decisions of a case whose record the transaction tracks: who
// adds one writes the case. Tracks what it reads of them, not of exports: who
// asks for one at the same time is told that the case was shredded.
absl::StatusOr<std::set<v1::RetentionObstacle>> FindObstacles(
    storage::Engine& engine, storage::Transaction& transaction,
    const RetentionRules& rules, const CaseId& id, UnixMillis now);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_RETENTION_OBSTACLES_H_

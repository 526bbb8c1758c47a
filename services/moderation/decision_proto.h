// Between records of decisions and the wire.
#ifndef FRANK_SERVICES_MODERATION_DECISION_PROTO_H_
#define FRANK_SERVICES_MODERATION_DECISION_PROTO_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/ids.h"
#include "core/status.h"
#include "frank/storage/v1/decision.pb.h"
#include "frank/v1/decision.pb.h"
#include "services/moderation/decision_plan.h"
#include "services/moderation/key_vault.h"

namespace frank::moderation {

Actions ActionsOf(const storage::v1::DecisionRecord& record);
v1::LadderStep ToProto(const storage::v1::LadderStepRecord& record);
v1::Policy ToProto(const storage::v1::PolicyRecord& record);
v1::DecisionReason ToProto(const storage::v1::ReasonRecord& record);

// A decision with what moderators wrote, opened by the key of one of its cases;
// without the words when there is no key. kDataLoss when they do not open.
absl::StatusOr<v1::Decision> ShowDecision(
    const absl::optional<DataKey>& case_key, const CaseId& case_id,
    const DecisionId& id, const storage::v1::DecisionRecord& record);

// The same by the first of its cases that has its key still, tracked or not.
template <typename Source>
absl::StatusOr<v1::Decision> ShowDecision(
    const KeyVault& vault, Source& source, const DecisionId& id,
    const storage::v1::DecisionRecord& record) {
  CaseId case_id;
  absl::optional<DataKey> key;
  for (int i = 0; i < record.case_id_size() && !key; ++i) {
    FRANK_ASSIGN_OR_RETURN(case_id,
                           CaseId::Parse("case_id", record.case_id(i)));
    FRANK_ASSIGN_OR_RETURN(key, vault.FindCaseKey(source, case_id));
  }
  return ShowDecision(key, case_id, id, record);
}

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_DECISION_PROTO_H_

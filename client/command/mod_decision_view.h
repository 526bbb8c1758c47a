// How decisions look: in words for a terminal, and as JSON.
#ifndef FRANK_CLIENT_COMMAND_MOD_DECISION_VIEW_H_
#define FRANK_CLIENT_COMMAND_MOD_DECISION_VIEW_H_

#include <string>

#include "client/command/json.h"
#include "frank/v1/decision.pb.h"

namespace frank::client {

// "made", "permanent_suspension", "approved": the enum's value without its
// prefix.
std::string DecisionStateName(v1::DecisionState state);
std::string ApprovalCauseName(v1::ApprovalCause cause);
std::string DecisionEventName(v1::DecisionEventKind kind);

JsonObject DecisionJson(const v1::Decision& decision);
JsonObject PreviewJson(const v1::PreviewDecisionResponse& preview);
JsonObject PolicyJson(const v1::Policy& policy);
JsonObject ReasonJson(const v1::DecisionReason& reason, bool acts);
JsonObject LadderStepJson(const v1::LadderStep& step);
JsonObject StrikeJson(const v1::Strike& strike);

std::string DecisionText(const v1::Decision& decision);
std::string PreviewText(const v1::PreviewDecisionResponse& preview);
std::string PolicyText(const v1::Policy& policy);
// "3rd strike: suspend for 7 days".
std::string LadderStepText(const v1::LadderStep& step);
std::string StrikeText(const v1::Strike& strike);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_MOD_DECISION_VIEW_H_

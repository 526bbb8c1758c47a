// How the decisions about one's own account, and one's appeals against them,
// look to people and in JSON.
#ifndef FRANK_CLIENT_COMMAND_OWN_APPEAL_VIEW_H_
#define FRANK_CLIENT_COMMAND_OWN_APPEAL_VIEW_H_

#include <string>

#include "client/command/json.h"
#include "core/clock.h"
#include "frank/v1/appeal.pb.h"

namespace frank::client {

// {"decision_id","notice","policy","until","told_at","appeal_until","appeal",
//  "appealed_at","outcome","decided_at"}; "appeal" is none, accepted,
// with_moderators or decided.
JsonObject OwnDecisionJson(const v1::DecisionAboutAccount& decision);
std::string OwnDecisionText(const v1::DecisionAboutAccount& decision,
                            UnixMillis now);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_OWN_APPEAL_VIEW_H_

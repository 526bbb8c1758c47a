// What came in, for people and for programs.
#ifndef FRANK_CLIENT_COMMAND_MOD_INFLOW_H_
#define FRANK_CLIENT_COMMAND_MOD_INFLOW_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/command/command.h"
#include "client/command/json.h"
#include "frank/v1/target.pb.h"

namespace frank::client {

// As ReachedColumns and ReachedRow.
std::vector<std::string> InflowColumns();
std::vector<std::string> InflowRow(const v1::Inflow& inflow);

JsonObject InflowJson(const v1::Inflow& inflow);
std::string InflowText(const v1::Inflow& inflow);

// frank mod inflow.
absl::Status RunInflow(const Invocation& in);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_MOD_INFLOW_H_

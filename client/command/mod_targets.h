// What was reached of the targets, for people and for programs.
#ifndef FRANK_CLIENT_COMMAND_MOD_TARGETS_H_
#define FRANK_CLIENT_COMMAND_MOD_TARGETS_H_

#include <string>
#include <vector>

#include "client/command/json.h"
#include "frank/v1/target.pb.h"

namespace frank::client {

// The names of the columns, and one row, each with as many fields. Dates are
// YYYY-MM-DD, of UTC; the end of a period is its last day. Times are in
// seconds; a target of 0 is the case's deadline, a time over 30 days is empty.
std::vector<std::string> ReachedColumns();
std::vector<std::string> ReachedRow(const v1::Reached& reached);

JsonObject ReachedJson(const v1::Reached& reached);
std::string ReachedText(const v1::Reached& reached);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_MOD_TARGETS_H_

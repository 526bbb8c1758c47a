// Options that say which cases: of lists, searches and claims.
#ifndef FRANK_CLIENT_COMMAND_MOD_FILTER_H_
#define FRANK_CLIENT_COMMAND_MOD_FILTER_H_

#include <vector>

#include "absl/status/status.h"
#include "client/command/args.h"
#include "core/clock.h"
#include "frank/v1/review.pb.h"

namespace frank::client {

// --queue, --reason, --area, --severity, --proof, --due-until.
std::vector<Option> ClaimFilterOptions();
// Sets the filter of a claim if any of them is there. kInvalidArgument names
// the option.
absl::Status SetClaimFilter(const Args& args, UnixMillis now,
                            v1::ClaimCaseRequest* request);

// The same and --state, --due-from, --accused, --reporter, --moderator, --tag,
// --order.
std::vector<Option> CaseFilterOptions();
absl::Status SetCaseFilter(const Args& args, UnixMillis now,
                           v1::CaseFilter* filter);
absl::Status SetCaseOrder(const Args& args, v1::CaseOrder* order);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_MOD_FILTER_H_

// A dry run of routing rules: what a file proposes, and what all pages come to.
#ifndef FRANK_CLIENT_COMMAND_MOD_DRY_RUN_H_
#define FRANK_CLIENT_COMMAND_MOD_DRY_RUN_H_

#include <map>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "client/command/command.h"
#include "frank/config/v1/queue.pb.h"
#include "frank/v1/configuration.pb.h"

namespace frank::client {

// Checks that the queues of a file, if it has any, are those in force, in
// whatever order: a dry run tries rules alone. kInvalidArgument.
absl::Status CheckQueues(const config::v1::Routing& file,
                         const v1::GetConfigurationResponse& in_force);

// By the queue of the rules in force, and that of the proposed ones.
using RoutedPairs =
    std::map<std::pair<std::string, std::string>, v1::RoutedPair>;

// Adds a page; of its examples as many as one answer may have.
void AddPage(const v1::DryRunRoutingResponse& page, RoutedPairs* pairs);

// frank mod-admin dry-run.
absl::Status RunDryRun(const Invocation& in);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_MOD_DRY_RUN_H_

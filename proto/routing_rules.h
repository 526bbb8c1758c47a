// Routing rules as the configuration has them, in words, and as the wire does.
#ifndef FRANK_PROTO_ROUTING_RULES_H_
#define FRANK_PROTO_ROUTING_RULES_H_

#include "absl/status/statusor.h"
#include "frank/config/v1/queue.pb.h"
#include "frank/v1/configuration.pb.h"

namespace frank::wire {

// kInvalidArgument names the field on a word that is none.
absl::StatusOr<v1::RoutingRule> ToWire(const config::v1::RoutingRule& rule);

// The values of the rule's enums are known ones.
config::v1::RoutingRule FromWire(const v1::RoutingRule& rule);

}  // namespace frank::wire

#endif  // FRANK_PROTO_ROUTING_RULES_H_

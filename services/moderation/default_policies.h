// The policies that the program brings.
#ifndef FRANK_SERVICES_MODERATION_DEFAULT_POLICIES_H_
#define FRANK_SERVICES_MODERATION_DEFAULT_POLICIES_H_

namespace frank::moderation {

// A PolicyFile as protobuf text: what a deployment starts its own from.
extern const char kDefaultPolicies[];

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_DEFAULT_POLICIES_H_

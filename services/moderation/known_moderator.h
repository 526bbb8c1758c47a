// What is known of moderators who do not call: for giving them a case.
#ifndef FRANK_SERVICES_MODERATION_KNOWN_MODERATOR_H_
#define FRANK_SERVICES_MODERATION_KNOWN_MODERATOR_H_

#include <string>

#include "absl/status/status.h"
#include "frank/storage/v1/people.pb.h"
#include "services/moderation/configured_moderators.h"
#include "services/moderation/moderator.h"
#include "services/moderation/routing.h"
#include "storage/case_store.h"
#include "storage/engine.h"

namespace frank::moderation {

// Roles and permission of an account of the store.
Moderator AccountOf(const std::string& id,
                    const storage::v1::ModeratorRecord& record);
// Adds what the store keeps of moderators of every kind: links and opt-outs.
void AddKept(const storage::v1::ModeratorRecord& kept, Moderator* moderator);

// Whether somebody may be given a case by another: they are known and enabled,
// of a role that works on cases, and may touch, hold and see this one. What the
// store keeps of them is tracked. Roles and permissions of an identity
// provider's moderators are known when they call, so they are not held against
// them; without a provider nobody is its. kInvalidArgument "moderator" for
// whatever is in the way: why is not the giver's to know.
struct ReceiverContext {
  storage::Transaction& transaction;
  const ConfiguredModerators& configured;
  const Routing& routing;
  bool has_provider;
};
absl::Status CheckMayReceive(const ReceiverContext& context,
                             const std::string& id,
                             const storage::v1::CaseRecord& record);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_KNOWN_MODERATOR_H_

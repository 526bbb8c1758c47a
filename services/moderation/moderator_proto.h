// Moderators as the wire shows them.
#ifndef FRANK_SERVICES_MODERATION_MODERATOR_PROTO_H_
#define FRANK_SERVICES_MODERATION_MODERATOR_PROTO_H_

#include <string>

#include "frank/storage/v1/people.pb.h"
#include "frank/v1/moderators.pb.h"
#include "services/moderation/moderator.h"

namespace frank::moderation {

// `configured` is null for who is none of the configuration.
v1::Moderator ToProto(const std::string& id,
                      const storage::v1::ModeratorRecord& record,
                      const Moderator* configured);

// Roles and permission as authorization found them, whatever vouches for them.
void SetAuthority(const Moderator& moderator, v1::Moderator* proto);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_MODERATOR_PROTO_H_

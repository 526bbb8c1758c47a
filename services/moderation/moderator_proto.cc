#include "services/moderation/moderator_proto.h"

namespace frank::moderation {

v1::Moderator ToProto(const std::string& id,
                      const storage::v1::ModeratorRecord& record,
                      const Moderator* configured) {
  v1::Moderator proto;
  proto.set_id(id);
  if (configured != nullptr) {
    proto.set_source(v1::MODERATOR_SOURCE_CONFIGURATION);
    SetAuthority(*configured, &proto);
  } else if (record.local()) {
    proto.set_source(v1::MODERATOR_SOURCE_LOCAL);
    for (uint32_t role : record.role()) {
      proto.add_role(static_cast<v1::ModeratorRole>(role));
    }
    proto.set_child_safety(record.child_safety());
    proto.set_added_at(record.added_at());
  } else {
    proto.set_source(v1::MODERATOR_SOURCE_PROVIDER);
  }
  *proto.mutable_linked_account() = record.linked_account();
  proto.set_disabled(record.disabled());
  for (uint32_t category : record.opted_out()) {
    proto.add_opted_out(static_cast<v1::ExposureCategory>(category));
  }
  return proto;
}

void SetAuthority(const Moderator& moderator, v1::Moderator* proto) {
  proto->clear_role();
  for (Role role : moderator.roles) {
    proto->add_role(static_cast<v1::ModeratorRole>(role));
  }
  proto->set_child_safety(moderator.child_safety);
}

}  // namespace frank::moderation

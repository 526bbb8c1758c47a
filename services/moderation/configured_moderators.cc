#include "services/moderation/configured_moderators.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "services/common/config.h"

namespace frank::moderation {

absl::StatusOr<Moderator> ConfiguredModerators::Parse(
    const config::v1::Moderator& config) {
  Moderator moderator;
  moderator.id = config.id();
  for (const std::string& name : config.role()) {
    FRANK_ASSIGN_OR_RETURN(Role role, ParseRole(name));
    moderator.roles.insert(role);
  }
  moderator.child_safety = config.child_safety();
  return moderator;
}

absl::StatusOr<ConfiguredModerators> ConfiguredModerators::Create(
    const config::v1::ModerationConfig& config) {
  ConfiguredModerators moderators;
  for (int i = 0; i < config.moderator_size(); ++i) {
    std::string field = absl::StrCat("moderator[", i, "]");
    const std::string& id = config.moderator(i).id();
    absl::StatusOr<Moderator> moderator = Parse(config.moderator(i));
    absl::StatusOr<std::string> token = services::ParseTokenHash(
        "token_sha256", config.moderator(i).token_sha256());
    absl::Status status = moderator.ok() ? token.status() : moderator.status();
    if (status.ok() && !moderators.by_id_.emplace(id, *moderator).second) {
      status = FieldError("id", "must occur once");
    }
    if (status.ok() &&
        !moderators.by_token_
             .emplace(storage::TokenHash(
                          ToArray<storage::TokenHash::kSize>(AsBytes(*token))),
                      id)
             .second) {
      status = FieldError("token_sha256", "must occur once");
    }
    if (!status.ok()) {
      return absl::FailedPreconditionError(InField(field, status).message());
    }
  }
  return moderators;
}

const Moderator* ConfiguredModerators::FindByToken(
    const storage::TokenHash& hash) const {
  auto found = by_token_.find(hash);
  return found == by_token_.end() ? nullptr : Find(found->second);
}

const Moderator* ConfiguredModerators::Find(const std::string& id) const {
  auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second;
}

std::vector<const Moderator*> ConfiguredModerators::list() const {
  std::vector<const Moderator*> list;
  for (const auto& entry : by_id_) list.push_back(&entry.second);
  return list;
}

}  // namespace frank::moderation

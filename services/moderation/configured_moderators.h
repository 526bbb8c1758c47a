// The moderators whom the configuration names: how an installation begins.
#ifndef FRANK_SERVICES_MODERATION_CONFIGURED_MODERATORS_H_
#define FRANK_SERVICES_MODERATION_CONFIGURED_MODERATORS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "frank/config/v1/config.pb.h"
#include "services/moderation/moderator.h"
#include "storage/schema.h"

namespace frank::moderation {

// Immutable, hence thread-safe.
class ConfiguredModerators {
 public:
  // kFailedPrecondition names the field and the rule.
  static absl::StatusOr<ConfiguredModerators> Create(
      const config::v1::ModerationConfig& config);

  // Returns the moderator or null.
  const Moderator* FindByToken(const storage::TokenHash& hash) const;
  const Moderator* Find(const std::string& id) const;
  // By id.
  std::vector<const Moderator*> list() const;

 private:
  static absl::StatusOr<Moderator> Parse(const config::v1::Moderator& config);

  std::map<std::string, Moderator> by_id_;
  // By SHA-256 of the token: a guess learns nothing from how long a miss takes.
  std::map<storage::TokenHash, std::string> by_token_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_CONFIGURED_MODERATORS_H_

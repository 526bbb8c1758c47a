// How moderators and their exposure look: in words for a terminal, and as JSON.
#ifndef FRANK_CLIENT_COMMAND_MODERATOR_VIEW_H_
#define FRANK_CLIENT_COMMAND_MODERATOR_VIEW_H_

#include <string>

#include "absl/status/statusor.h"
#include "client/command/json.h"
#include "core/clock.h"
#include "frank/v1/moderators.pb.h"
#include "frank/v1/review.pb.h"

namespace frank::client {

// "reviewer", "graphic", "local": the enum's value without its prefix.
std::string RoleText(v1::ModeratorRole role);
std::string ExposureText(v1::ExposureCategory category);
// kInvalidArgument on another name.
absl::StatusOr<v1::ModeratorRole> ParseRoleText(const std::string& name);
absl::StatusOr<v1::ExposureCategory> ParseExposureText(const std::string& name);

JsonObject ModeratorJson(const v1::Moderator& moderator);
JsonObject ExposureJson(const v1::Exposure& exposure);

// One line.
std::string ModeratorLine(const v1::Moderator& moderator);
// Several lines.
std::string ExposureLines(const v1::Exposure& exposure, UnixMillis now);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_MODERATOR_VIEW_H_

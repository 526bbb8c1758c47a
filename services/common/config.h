// Configuration files of the servers: protobuf text, checked field by field.
#ifndef FRANK_SERVICES_COMMON_CONFIG_H_
#define FRANK_SERVICES_COMMON_CONFIG_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "frank/config/v1/config.pb.h"
#include "services/common/tls.h"

namespace frank::services {

// Reads a configuration and makes every path in it absolute.
// kFailedPrecondition names the file, the line or the field, and the rule.
absl::StatusOr<config::v1::PlatformConfig> LoadPlatformConfig(
    const std::string& path);
absl::StatusOr<config::v1::ModerationConfig> LoadModerationConfig(
    const std::string& path);

// Whether a moderator of the configuration or of the store may have this id: 1
// to 64 of a-z, 0-9, '.', '-', '_'.
bool IsModeratorId(absl::string_view id);

TlsFiles TlsFilesOf(const config::v1::Listener& listener);

// Reads 64 lower-case hex digits: the SHA-256 of a token.
absl::StatusOr<std::string> ParseTokenHash(absl::string_view field,
                                           absl::string_view hex);

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_CONFIG_H_

// On whose behalf a call is made.
#ifndef FRANK_SERVICES_PLATFORM_SUBJECT_H_
#define FRANK_SERVICES_PLATFORM_SUBJECT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/common/call.h"
#include "services/platform/authenticator.h"

namespace frank::platform {

// Whom a call concerns, and who vouches for it.
struct Subject {
  std::string uri;
  // The name of the stamp credential, which may name any subject of its
  // authorities; empty for a device.
  std::string credential;
};

// Returns the calling device's account, or whom a stamp credential names in
// `field` within its authorities. As Authenticate; kInvalidArgument when a
// device names somebody or a credential names nobody; kPermissionDenied,
// AUTHORITY_NOT_GRANTED.
absl::StatusOr<Subject> SubjectOf(Authenticator& authenticator,
                                  const services::Call& call,
                                  absl::string_view field,
                                  const std::string& named);

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_SUBJECT_H_

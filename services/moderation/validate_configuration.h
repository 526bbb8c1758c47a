// Checks of ConfigurationService's requests; see validate.h.
#ifndef FRANK_SERVICES_MODERATION_VALIDATE_CONFIGURATION_H_
#define FRANK_SERVICES_MODERATION_VALIDATE_CONFIGURATION_H_

#include "absl/status/status.h"
#include "frank/v1/configuration.pb.h"

namespace frank::moderation {

absl::Status Check(const v1::GetConfigurationRequest& request);
// All but whether the queues are there, which the routing knows.
absl::Status Check(const v1::DryRunRoutingRequest& request);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_VALIDATE_CONFIGURATION_H_

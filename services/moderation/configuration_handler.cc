#include "services/moderation/configuration_handler.h"

#include "services/moderation/validate_configuration.h"

namespace frank::moderation {

void ConfigurationHandler::GetConfiguration(
    const services::Call& call, const v1::GetConfigurationRequest& request,
    services::Done<v1::GetConfigurationResponse> done) {
  absl::Status admitted = Check(request);
  if (admitted.ok()) {
    admitted =
        moderators_.Authorize(call, "ConfigurationService.GetConfiguration")
            .status();
  }
  if (!admitted.ok()) return done(admitted);
  done(configuration_);
}

void ConfigurationHandler::DryRunRouting(
    const services::Call& call, const v1::DryRunRoutingRequest& request,
    services::Done<v1::DryRunRoutingResponse> done) {
  absl::Status checked = Check(request);
  if (!checked.ok()) return done(checked);
  absl::StatusOr<Moderator> moderator =
      moderators_.Authorize(call, "ConfigurationService.DryRunRouting");
  if (!moderator.ok()) return done(moderator.status());
  done(dry_run_.Run(*moderator, request));
}

}  // namespace frank::moderation

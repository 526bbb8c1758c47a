// ConfigurationService without gRPC: checks a request, authorizes the caller,
// answers.
#ifndef FRANK_SERVICES_MODERATION_CONFIGURATION_HANDLER_H_
#define FRANK_SERVICES_MODERATION_CONFIGURATION_HANDLER_H_

#include "frank/v1/configuration.pb.h"
#include "services/common/call.h"
#include "services/moderation/configuration_words.h"
#include "services/moderation/moderators.h"
#include "services/moderation/routing_dry_run.h"
#include "storage/engine.h"

namespace frank::moderation {

// Thread-safe.
class ConfigurationHandler {
 public:
  // The engine, `moderators` and the routing in force outlive the handler.
  ConfigurationHandler(storage::Engine& engine, const Moderators& moderators,
                       const InForce& in_force)
      : moderators_(moderators),
        configuration_(Describe(in_force)),
        dry_run_(engine, in_force.routing) {}

  void GetConfiguration(const services::Call& call,
                        const v1::GetConfigurationRequest& request,
                        services::Done<v1::GetConfigurationResponse> done);
  void DryRunRouting(const services::Call& call,
                     const v1::DryRunRoutingRequest& request,
                     services::Done<v1::DryRunRoutingResponse> done);

 private:
  const Moderators& moderators_;
  const v1::GetConfigurationResponse configuration_;
  RoutingDryRun dry_run_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_CONFIGURATION_HANDLER_H_

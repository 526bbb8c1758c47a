// frank-platform put together: its key files, its services and its background
// work.
#ifndef FRANK_SERVICES_PLATFORM_PLATFORM_SERVER_H_
#define FRANK_SERVICES_PLATFORM_PLATFORM_SERVER_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/random.h"
#include "core/taxonomy.h"
#include "crypto/key_ring.h"
#include "frank/config/v1/config.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/impl/service_type.h"
#include "services/common/metrics.h"
#include "services/common/rpc_service.h"
#include "services/platform/reporting_keys.h"
#include "storage/engine.h"

namespace frank::platform {

// What the configuration's files hold, read and checked.
struct PlatformKeys {
  crypto::KeyRings rings;
  ReportingKeys records;
  ReasonTable reasons;
};
// kFailedPrecondition names the file and what is wrong. The platform's own
// authority and every authority of a stamp credential must have a ring.
absl::StatusOr<PlatformKeys> LoadPlatformKeys(
    const config::v1::PlatformConfig& config);

// Owns handlers and workers; ends the workers when destroyed.
class PlatformServer {
 public:
  // All outlive the server.
  struct Dependencies {
    storage::Engine& engine;
    const Clock& clock;
    RandomSource& random;
    // Where reports are forwarded to.
    std::shared_ptr<grpc::Channel> moderation;
    services::Metrics& metrics;
  };
  // Errors of the engine, which is read.
  static absl::StatusOr<std::unique_ptr<PlatformServer>> Create(
      const config::v1::PlatformConfig& config, PlatformKeys keys,
      const Dependencies& dependencies);
  ~PlatformServer();

  // What to serve; owned by this object.
  std::vector<services::RpcService*> services() const;
  // Starts forwarding reports and removing what has expired. `queue` is the
  // server's.
  void StartWorkers(grpc::CompletionQueue* queue);
  // To be called before the server is drained: ends forwarding, which goes by
  // its queue, answers the calls whose refusals are held, and holds none from
  // now on.
  void Leave();

 private:
  struct Parts;
  explicit PlatformServer(std::unique_ptr<Parts> parts);
  const std::unique_ptr<Parts> parts_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_PLATFORM_SERVER_H_

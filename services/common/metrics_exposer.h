// Where Prometheus fetches a server's metrics: GET /metrics, plain HTTP without
// authentication. What it tells is no secret but how busy the server is; listen
// on the loopback, or on a network of the operator's own.
#ifndef FRANK_SERVICES_COMMON_METRICS_EXPOSER_H_
#define FRANK_SERVICES_COMMON_METRICS_EXPOSER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "frank/config/v1/metrics.pb.h"
#include "services/common/metrics.h"

namespace frank::services {

// Serves from Start until it is destroyed, which may take the HTTP library two
// seconds.
class MetricsExposer {
 public:
  // `metrics` outlives it. Null when the configuration names no address.
  // kFailedPrecondition: the port is in use, the address is not this machine's,
  // or the address file cannot be written.
  static absl::StatusOr<std::unique_ptr<MetricsExposer>> Start(
      const config::v1::Metrics& config, const Metrics& metrics);
  ~MetricsExposer();

  // Says where it serves; not at once by Start, since a server that then
  // refuses to start says that in one line.
  void LogAddress() const;

  int port() const;

 private:
  struct Parts;
  MetricsExposer(std::string host, std::unique_ptr<Parts> parts);

  const std::string host_;
  const std::unique_ptr<Parts> parts_;
};

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_METRICS_EXPOSER_H_

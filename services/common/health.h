// Whether a server can do its work, as its health service tells.
#ifndef FRANK_SERVICES_COMMON_HEALTH_H_
#define FRANK_SERVICES_COMMON_HEALTH_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/health_check_service_interface.h"

namespace frank::services {

// Between what may fail for good and the server that tells it: either may come
// first. Thread-safe.
class Health {
 public:
  // From now on the server answers NOT_SERVING. There is no way back.
  void Fail() ABSL_LOCKS_EXCLUDED(mutex_);

  // The server's; null when it ends.
  void Attach(grpc::HealthCheckServiceInterface* service)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  absl::Mutex mutex_;
  bool failed_ ABSL_GUARDED_BY(mutex_) = false;
  grpc::HealthCheckServiceInterface* service_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_HEALTH_H_

// Whether a server can do its work, and the service that tells it.
#ifndef FRANK_SERVICES_COMMON_HEALTH_H_
#define FRANK_SERVICES_COMMON_HEALTH_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "services/common/rpc_service.h"

namespace frank::services {

// Between what may fail for good and those who ask. Thread-safe.
class Health {
 public:
  // From now on the server answers NOT_SERVING. There is no way back.
  void Fail() ABSL_LOCKS_EXCLUDED(mutex_) { MoveTo(State::kFailed); }
  // The server ends: NOT_SERVING, and who watches is told to go elsewhere.
  void Leave() ABSL_LOCKS_EXCLUDED(mutex_) { MoveTo(State::kLeaving); }

  enum class State { kServing, kFailed, kLeaving };
  State state() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Calls `changed` after each change until Unwatch, though one that is under
  // way may still come.
  using Changed = std::function<void()>;
  uint64_t Watch(Changed changed) ABSL_LOCKS_EXCLUDED(mutex_);
  void Unwatch(uint64_t watch) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void MoveTo(State state) ABSL_LOCKS_EXCLUDED(mutex_);

  mutable absl::Mutex mutex_;
  State state_ ABSL_GUARDED_BY(mutex_) = State::kServing;
  uint64_t last_watch_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<uint64_t, Changed> watches_ ABSL_GUARDED_BY(mutex_);
};

// grpc.health.v1.Health of the server as a whole: other services are not known.
// gRPC's own would bring threads that poll (call_queues.h). `health` outlives
// it.
std::unique_ptr<RpcService> MakeHealthService(Health& health);

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_HEALTH_H_

#include "services/common/health.h"

#include <utility>
#include <vector>

#include "absl/types/optional.h"
#include "grpc/health/v1/health.pb.h"
#include "services/common/stream.h"

namespace frank::services {
namespace {

namespace wire = grpc::health::v1;

wire::HealthCheckResponse ToResponse(Health::State state) {
  wire::HealthCheckResponse response;
  response.set_status(state == Health::State::kServing
                          ? wire::HealthCheckResponse::SERVING
                          : wire::HealthCheckResponse::NOT_SERVING);
  return response;
}

// Tells the state and its changes. Health holds it weakly.
class WatchStream final : public ResponseStream<wire::HealthCheckRequest,
                                                wire::HealthCheckResponse> {
 public:
  WatchStream(Health& health, bool is_known)
      : health_(health), is_known_(is_known) {}
  ~WatchStream() override { health_.Unwatch(watch_); }

  static std::shared_ptr<WatchStream> Make(
      Health& health, const wire::HealthCheckRequest& request) {
    auto stream =
        std::make_shared<WatchStream>(health, request.service().empty());
    stream->watch_ = health.Watch([weak = std::weak_ptr<WatchStream>(stream)] {
      if (auto open = weak.lock()) open->Tell();
    });
    return stream;
  }

 protected:
  void OnReady() override {
    // The first time it is the call that is ready: nothing was sent.
    if (!std::exchange(begun_, true)) Tell();
  }

 private:
  void Tell() ABSL_LOCKS_EXCLUDED(mutex_) {
    // So that what is told last is how it is.
    absl::MutexLock lock(&mutex_);
    const Health::State state = health_.state();
    if (told_ == state) return;
    told_ = state;
    if (state == Health::State::kLeaving) {
      return Close(absl::UnavailableError("the server ends"));
    }
    if (is_known_) return Send(ToResponse(state));
    wire::HealthCheckResponse unknown;
    unknown.set_status(wire::HealthCheckResponse::SERVICE_UNKNOWN);
    Send(std::move(unknown));
  }

  Health& health_;
  const bool is_known_;
  uint64_t watch_ = 0;
  bool begun_ = false;
  absl::Mutex mutex_;
  absl::optional<Health::State> told_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

Health::State Health::state() const {
  absl::MutexLock lock(&mutex_);
  return state_;
}

uint64_t Health::Watch(Changed changed) {
  absl::MutexLock lock(&mutex_);
  watches_.emplace(++last_watch_, std::move(changed));
  return last_watch_;
}

void Health::Unwatch(uint64_t watch) {
  absl::MutexLock lock(&mutex_);
  watches_.erase(watch);
}

void Health::MoveTo(State state) {
  std::vector<Changed> watches;
  {
    absl::MutexLock lock(&mutex_);
    if (state <= state_) return;
    state_ = state;
    for (const auto& [number, changed] : watches_) watches.push_back(changed);
  }
  // Without the lock: one may be the last to hold its stream, which unwatches.
  for (const Changed& changed : watches) changed();
}

std::unique_ptr<RpcService> MakeHealthService(Health& health) {
  auto service = std::make_unique<RpcService>("grpc.health.v1.Health");
  service->Unary<wire::HealthCheckRequest, wire::HealthCheckResponse>(
      "Check",
      [&health](const Call&, const wire::HealthCheckRequest& request,
                Done<wire::HealthCheckResponse> done) {
        if (!request.service().empty()) {
          return done(absl::NotFoundError(
              "service: only the server as a whole is known, by \"\""));
        }
        done(ToResponse(health.state()));
      },
      Runs::kWherePolled);
  service->Responses<wire::HealthCheckRequest>(
      "Watch", [&health](const Call&, const wire::HealthCheckRequest& request) {
        return WatchStream::Make(health, request);
      });
  return service;
}

}  // namespace frank::services

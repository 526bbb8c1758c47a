// Counts the calls that a server answers, all of them in one place: gRPC shows
// each to an interceptor, whichever service it is for.
#ifndef FRANK_SERVICES_COMMON_CALL_METRICS_H_
#define FRANK_SERVICES_COMMON_CALL_METRICS_H_

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/support/server_interceptor.h"
#include "grpcpp/support/status.h"
#include "services/common/metrics.h"

namespace frank::services {

// The calls of one method. Counting is atomic and nothing else.
class MethodCalls {
 public:
  explicit MethodCalls(std::string name);

  // A call ended. `reason` is that of google.rpc.ErrorInfo.
  void Count(const grpc::Status& status);
  void Took(std::chrono::steady_clock::duration time);

  // "FrankingService.Stamp".
  const std::string& name() const { return name_; }
  // Those of (method, code, reason) that were counted at least once.
  void AppendTotals(std::vector<MetricSample>* samples) const;
  const Histogram& seconds() const { return seconds_; }

 private:
  const std::string name_;
  // By code, then by reason, of which the first is none and the last is any
  // that the schema does not have.
  std::vector<std::atomic<uint64_t>> counts_;
  Histogram seconds_;
};

// grpc_server_handled_total{method,code,reason} and
// grpc_server_handling_seconds{method}, that one of unary methods alone: a
// stream lasts as long as its client wants. Methods that the schema does not
// have, whatever callers name them, count as "other". Thread-safe; outlives the
// server that it is given to.
class CallMetrics {
 public:
  explicit CallMetrics(Metrics& metrics);

  // For the builder of the server.
  std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>
  MakeInterceptors();

  // The calls of "/frank.v1.FrankingService/Stamp". Lock-free but for the first
  // call of a method.
  MethodCalls& CallsOf(absl::string_view path);

 private:
  // Twice as many as there may be, so that a look-up is short.
  static constexpr size_t kSlots = 512;
  struct Slot {
    std::string path;
    MethodCalls calls;
  };
  using Slots = std::array<std::atomic<Slot*>, kSlots>;

  // Where the path is, or the free place where it belongs.
  std::atomic<Slot*>& PlaceOf(absl::string_view path);
  MethodCalls& AddMethod(absl::string_view path) ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<const MethodCalls*> All() const;

  MethodCalls other_{"other"};
  Slots slots_{};
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Slot>> owned_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_CALL_METRICS_H_

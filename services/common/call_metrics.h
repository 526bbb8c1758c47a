// Counts the calls that a server answers, where the adapters of call.h and
// stream.h end them. They find the counters in the call's context, which the
// server makes, or in the QueuedCall: an interceptor of gRPC would cost a call
// half as much again.
#ifndef FRANK_SERVICES_COMMON_CALL_METRICS_H_
#define FRANK_SERVICES_COMMON_CALL_METRICS_H_

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "services/common/metrics.h"

namespace frank::services {

// The calls of one method. Counting is atomic and nothing else.
class MethodCalls {
 public:
  explicit MethodCalls(std::string name);

  // A call ended; its code and reason count as the client is told them.
  void Count(const absl::Status& status);
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

// Tells methods with the same answers apart: StampBatch gives one, StampStream
// many.
enum class CallKind { kUnary, kStream };

// grpc_server_handled_total{method,code,reason} and
// grpc_server_handling_seconds{method}, that one of unary methods alone: a
// stream lasts as long as its client wants. Calls that gRPC answers itself, as
// those of unknown methods, are not among them. Thread-safe; outlives the
// server that it is given to.
class CallMetrics {
 public:
  explicit CallMetrics(Metrics& metrics);

  // For the builder of the server.
  std::unique_ptr<grpc::ContextAllocator> MakeContexts();

  // The calls of the method that answers with such messages, of which the
  // schema has one of a kind. Lock-free but for the first call of a method.
  MethodCalls& CallsOf(const google::protobuf::Descriptor& response,
                       CallKind kind);

 private:
  // Twice as many as there may be, so that a look-up is short.
  static constexpr size_t kSlots = 512;
  using Key = std::pair<const google::protobuf::Descriptor*, CallKind>;
  struct Slot {
    Key key;
    MethodCalls calls;
  };
  using Slots = std::array<std::atomic<Slot*>, kSlots>;

  // Where the key is, or the free place where it belongs.
  std::atomic<Slot*>& PlaceOf(const Key& key);
  MethodCalls& AddMethod(const Key& key) ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<const Slot*> All() const;

  Slots slots_{};
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Slot>> owned_ ABSL_GUARDED_BY(mutex_);
};

// What gRPC knows of a call, and who counts it. It lasts until gRPC is done
// with the call, so whoever ends it counts first.
class CountedContext final : public grpc::CallbackServerContext {
 public:
  explicit CountedContext(CallMetrics& metrics) : metrics_(metrics) {}

  // Null when the server counts no calls.
  static CountedContext* Find(grpc::CallbackServerContext* context) {
    return dynamic_cast<CountedContext*>(context);
  }

  // A unary call begins, which `reactor` ends.
  void Begin(const google::protobuf::Descriptor& response,
             grpc::ServerUnaryReactor* reactor);
  // Counts and ends it; nothing of this object may be used any more.
  void Finish(const absl::Status& status);

  CallMetrics& metrics() { return metrics_; }

 private:
  CallMetrics& metrics_;
  MethodCalls* calls_ = nullptr;
  grpc::ServerUnaryReactor* reactor_ = nullptr;
  // A span of time that nothing rests on, hence not by a Clock, which is of
  // milliseconds and may be set back.
  std::chrono::steady_clock::time_point begun_;
};

// The counters of a stream that answers with such messages; null when the
// server counts no calls.
MethodCalls* FindStreamCalls(grpc::CallbackServerContext* context,
                             const google::protobuf::Descriptor& response);
MethodCalls* FindStreamCalls(CallMetrics* metrics,
                             const google::protobuf::Descriptor& response);

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_CALL_METRICS_H_

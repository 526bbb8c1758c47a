// Counts the calls that a server answers, where an RpcService ends them: an
// interceptor of gRPC would cost a call half as much again.
#ifndef FRANK_SERVICES_COMMON_CALL_METRICS_H_
#define FRANK_SERVICES_COMMON_CALL_METRICS_H_

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "google/protobuf/descriptor.h"
#include "services/common/metrics.h"

namespace frank::services {

// The calls of one method. Counting is atomic and nothing else.
class MethodCalls {
 public:
  explicit MethodCalls(const google::protobuf::MethodDescriptor& method);

  // A call ended; its code and reason count as the client is told them.
  void Count(const absl::Status& status);
  // For unary methods alone.
  void Took(std::chrono::steady_clock::duration time);

  // "FrankingService.Stamp".
  const std::string& name() const { return name_; }
  // Those of (method, code, reason) that were counted at least once.
  void AppendTotals(std::vector<MetricSample>* samples) const;
  // Null where no call told how long it took.
  const Histogram* seconds() const;

 private:
  const std::string name_;
  // By code, then by reason, of which the first is none and the last is any
  // that the schema does not have.
  std::vector<std::atomic<uint64_t>> counts_;
  std::atomic<bool> took_{false};
  Histogram seconds_;
};

// grpc_server_handled_total{method,code,reason} and
// grpc_server_handling_seconds{method}, that one of unary methods alone: a
// stream lasts as long as its client wants. Calls that gRPC answers itself, as
// those of unknown methods, are not among them. Thread-safe; outlives the
// server that it is given to.
class CallMetrics {
 public:
  explicit CallMetrics(Metrics& metrics);

  // Those of a method, for as long as this lives.
  MethodCalls& CallsOf(const google::protobuf::MethodDescriptor& method)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  mutable absl::Mutex mutex_;
  // In the order in which they were asked for.
  std::vector<std::unique_ptr<MethodCalls>> methods_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_CALL_METRICS_H_

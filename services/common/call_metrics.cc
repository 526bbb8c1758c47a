#include "services/common/call_metrics.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/status.h"
#include "frank/v1/errors.pb.h"
#include "proto/rpc_status.h"
#include "services/common/status_mapping.h"

namespace frank::services {
namespace {

constexpr absl::string_view kPackage = "frank.v1.";
constexpr absl::string_view kReasonPrefix = "ERROR_REASON_";
// Those of gRPC: 0 to 16.
constexpr size_t kCodes = 17;

MetricFamily TotalsFamily() {
  return {"grpc_server_handled_total",
          MetricKind::kCounter,
          "Calls that ended, by code and reason of ErrorInfo",
          {"method", "code", "reason"}};
}
MetricFamily SecondsFamily() {
  return {"grpc_server_handling_seconds",
          MetricKind::kHistogram,
          "How long unary calls took, in seconds",
          {"method"}};
}
std::vector<double> SecondsBounds() {
  return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};
}

// Reasons count by their place in the enum, whose numbers have gaps: the first
// is none, and one more than there are is any that the schema does not have.
size_t OtherReason() {
  static const auto kOther =
      static_cast<size_t>(v1::ErrorReason_descriptor()->value_count());
  return kOther;
}
size_t ReasonPlaces() { return OtherReason() + 1; }

size_t PlaceOfReason(const std::string& reason) {
  const google::protobuf::EnumValueDescriptor* known =
      v1::ErrorReason_descriptor()->FindValueByName(
          absl::StrCat(kReasonPrefix, reason));
  return known != nullptr ? static_cast<size_t>(known->index()) : OtherReason();
}

std::string ReasonAt(size_t place) {
  if (place == 0) return "";
  if (place == OtherReason()) return "other";
  return std::string(absl::StripPrefix(
      v1::ErrorReason_descriptor()->value(static_cast<int>(place))->name(),
      kReasonPrefix));
}

// "FrankingService.Stamp".
std::string NameOf(const google::protobuf::MethodDescriptor& method) {
  return std::string(absl::StripPrefix(method.full_name(), kPackage));
}

}  // namespace

MethodCalls::MethodCalls(const google::protobuf::MethodDescriptor& method)
    : name_(NameOf(method)),
      counts_(kCodes * ReasonPlaces()),
      seconds_(SecondsBounds()) {}

void MethodCalls::Count(const absl::Status& status) {
  auto code = static_cast<size_t>(wire::CodeOf(status));
  size_t reason = status.ok() ? 0 : PlaceOfReason(wire::ReasonOf(status));
  counts_[code * ReasonPlaces() + reason].fetch_add(1,
                                                    std::memory_order_relaxed);
}

void MethodCalls::Took(std::chrono::steady_clock::duration time) {
  seconds_.Observe(std::chrono::duration<double>(time).count());
  took_.store(true, std::memory_order_relaxed);
}

const Histogram* MethodCalls::seconds() const {
  return took_.load(std::memory_order_relaxed) ? &seconds_ : nullptr;
}

void MethodCalls::AppendTotals(std::vector<MetricSample>* samples) const {
  for (size_t i = 0; i < counts_.size(); ++i) {
    uint64_t count = counts_[i].load(std::memory_order_relaxed);
    if (count == 0) continue;
    auto code = static_cast<absl::StatusCode>(i / ReasonPlaces());
    samples->push_back(
        {{name_, absl::StatusCodeToString(code), ReasonAt(i % ReasonPlaces())},
         static_cast<double>(count),
         {},
         {}});
  }
}

CallMetrics::CallMetrics(Metrics& metrics) {
  metrics.AddSource(TotalsFamily(), [this] {
    std::vector<MetricSample> samples;
    absl::MutexLock lock(&mutex_);
    for (const auto& calls : methods_) calls->AppendTotals(&samples);
    return samples;
  });
  metrics.AddSource(SecondsFamily(), [this] {
    std::vector<MetricSample> samples;
    absl::MutexLock lock(&mutex_);
    for (const auto& calls : methods_) {
      const Histogram* seconds = calls->seconds();
      if (seconds == nullptr) continue;
      samples.push_back(SampleOf({calls->name()}, *seconds));
    }
    return samples;
  });
}

MethodCalls& CallMetrics::CallsOf(
    const google::protobuf::MethodDescriptor& method) {
  absl::MutexLock lock(&mutex_);
  for (const auto& calls : methods_) {
    if (calls->name() == NameOf(method)) return *calls;
  }
  methods_.push_back(std::make_unique<MethodCalls>(method));
  return *methods_.back();
}

}  // namespace frank::services

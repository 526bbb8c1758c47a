#include "services/common/call_metrics.h"

#include <algorithm>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "core/status.h"
#include "frank/v1/errors.pb.h"
#include "google/protobuf/descriptor.h"
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

size_t PlaceOfReason(const grpc::Status& status) {
  absl::optional<std::string> reason = FindReason(FromGrpc(status));
  if (!reason) return 0;
  const google::protobuf::EnumValueDescriptor* known =
      v1::ErrorReason_descriptor()->FindValueByName(
          absl::StrCat(kReasonPrefix, *reason));
  return known != nullptr ? static_cast<size_t>(known->index()) : OtherReason();
}

std::string ReasonAt(size_t place) {
  if (place == 0) return "";
  if (place == OtherReason()) return "other";
  return std::string(absl::StripPrefix(
      v1::ErrorReason_descriptor()->value(static_cast<int>(place))->name(),
      kReasonPrefix));
}

// "frank.v1.FrankingService.Stamp" of a path.
std::string FullNameOf(absl::string_view path) {
  return absl::StrReplaceAll(absl::StripPrefix(path, "/"), {{"/", "."}});
}

class CallInterceptor final : public grpc::experimental::Interceptor {
 public:
  CallInterceptor(MethodCalls& calls, bool is_unary)
      : calls_(calls), is_unary_(is_unary) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* batch) override {
    using Point = grpc::experimental::InterceptionHookPoints;
    if (batch->QueryInterceptionHookPoint(Point::PRE_SEND_STATUS)) {
      calls_.Count(batch->GetSendStatus());
      if (is_unary_) calls_.Took(std::chrono::steady_clock::now() - begun_);
    }
    batch->Proceed();
  }

 private:
  MethodCalls& calls_;
  const bool is_unary_;
  // A span of time that nothing rests on, hence not by a Clock, which is of
  // milliseconds and may be set back.
  const std::chrono::steady_clock::time_point begun_ =
      std::chrono::steady_clock::now();
};

class CallInterceptors final
    : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit CallInterceptors(CallMetrics& metrics) : metrics_(metrics) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* info) override {
    using Type = grpc::experimental::ServerRpcInfo::Type;
    return new CallInterceptor(metrics_.CallsOf(info->method()),
                               info->type() == Type::UNARY);
  }

 private:
  CallMetrics& metrics_;
};

}  // namespace

MethodCalls::MethodCalls(std::string name)
    : name_(std::move(name)),
      counts_(kCodes * ReasonPlaces()),
      seconds_(SecondsBounds()) {}

void MethodCalls::Count(const grpc::Status& status) {
  size_t code = std::min(static_cast<size_t>(status.error_code()), kCodes - 1);
  size_t reason = status.ok() ? 0 : PlaceOfReason(status);
  counts_[code * ReasonPlaces() + reason].fetch_add(1,
                                                    std::memory_order_relaxed);
}

void MethodCalls::Took(std::chrono::steady_clock::duration time) {
  seconds_.Observe(std::chrono::duration<double>(time).count());
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
    for (const MethodCalls* calls : All()) calls->AppendTotals(&samples);
    return samples;
  });
  metrics.AddSource(SecondsFamily(), [this] {
    std::vector<MetricSample> samples;
    for (const MethodCalls* calls : All()) {
      samples.push_back(SampleOf({calls->name()}, calls->seconds()));
    }
    return samples;
  });
}

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>
CallMetrics::MakeInterceptors() {
  return std::make_unique<CallInterceptors>(*this);
}

std::atomic<CallMetrics::Slot*>& CallMetrics::PlaceOf(absl::string_view path) {
  size_t at = absl::Hash<absl::string_view>()(path) % kSlots;
  for (;; at = (at + 1) % kSlots) {
    Slot* slot = slots_[at].load(std::memory_order_acquire);
    if (slot == nullptr || slot->path == path) return slots_[at];
  }
}

MethodCalls& CallMetrics::CallsOf(absl::string_view path) {
  Slot* slot = PlaceOf(path).load(std::memory_order_acquire);
  return slot != nullptr ? slot->calls : AddMethod(path);
}

MethodCalls& CallMetrics::AddMethod(absl::string_view path) {
  const std::string full_name = FullNameOf(path);
  if (google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
          full_name) == nullptr) {
    return other_;
  }
  absl::MutexLock lock(&mutex_);
  std::atomic<Slot*>& place = PlaceOf(path);
  // Another call of it may have been faster.
  if (Slot* slot = place.load(std::memory_order_acquire)) return slot->calls;
  if (owned_.size() >= kSlots / 2) return other_;
  owned_.push_back(std::unique_ptr<Slot>(new Slot{
      std::string(path),
      MethodCalls(std::string(absl::StripPrefix(full_name, kPackage)))}));
  place.store(owned_.back().get(), std::memory_order_release);
  return owned_.back()->calls;
}

std::vector<const MethodCalls*> CallMetrics::All() const {
  std::vector<const MethodCalls*> all{&other_};
  for (const std::atomic<Slot*>& slot : slots_) {
    const Slot* found = slot.load(std::memory_order_acquire);
    if (found != nullptr) all.push_back(&found->calls);
  }
  return all;
}

}  // namespace frank::services

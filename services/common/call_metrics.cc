#include "services/common/call_metrics.h"

#include <utility>

#include "absl/hash/hash.h"
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

bool IsOf(const google::protobuf::MethodDescriptor& method,
          const google::protobuf::Descriptor& response, CallKind kind) {
  bool streams = method.client_streaming() || method.server_streaming();
  return method.output_type() == &response &&
         streams == (kind == CallKind::kStream);
}

// "FrankingService.Stamp" of StampResponse, which is in the same file.
std::string MethodName(const google::protobuf::Descriptor& response,
                       CallKind kind) {
  const google::protobuf::FileDescriptor& file = *response.file();
  for (int i = 0; i < file.service_count(); ++i) {
    for (int j = 0; j < file.service(i)->method_count(); ++j) {
      const auto& method = *file.service(i)->method(j);
      if (!IsOf(method, response, kind)) continue;
      return std::string(absl::StripPrefix(method.full_name(), kPackage));
    }
  }
  Die("a call answers with what no method of the schema does");
}

class CountedContexts final : public grpc::ContextAllocator {
 public:
  explicit CountedContexts(CallMetrics& metrics) : metrics_(metrics) {}

  grpc::CallbackServerContext* NewCallbackServerContext() override {
    return new CountedContext(metrics_);
  }
  // Those of unknown methods come here too, though gRPC made them and deletes
  // them itself.
  void Release(grpc::CallbackServerContext* context) override {
    delete CountedContext::Find(context);
  }

 private:
  CallMetrics& metrics_;
};

}  // namespace

MethodCalls::MethodCalls(std::string name)
    : name_(std::move(name)),
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
    for (const Slot* slot : All()) slot->calls.AppendTotals(&samples);
    return samples;
  });
  metrics.AddSource(SecondsFamily(), [this] {
    std::vector<MetricSample> samples;
    for (const Slot* slot : All()) {
      if (slot->key.second == CallKind::kStream) continue;
      samples.push_back(SampleOf({slot->calls.name()}, slot->calls.seconds()));
    }
    return samples;
  });
}

std::unique_ptr<grpc::ContextAllocator> CallMetrics::MakeContexts() {
  return std::make_unique<CountedContexts>(*this);
}

std::atomic<CallMetrics::Slot*>& CallMetrics::PlaceOf(const Key& key) {
  size_t at = absl::Hash<Key>()(key) % kSlots;
  for (;; at = (at + 1) % kSlots) {
    Slot* slot = slots_[at].load(std::memory_order_acquire);
    if (slot == nullptr || slot->key == key) return slots_[at];
  }
}

MethodCalls& CallMetrics::CallsOf(const google::protobuf::Descriptor& response,
                                  CallKind kind) {
  const Key key(&response, kind);
  Slot* slot = PlaceOf(key).load(std::memory_order_acquire);
  return slot != nullptr ? slot->calls : AddMethod(key);
}

MethodCalls& CallMetrics::AddMethod(const Key& key) {
  absl::MutexLock lock(&mutex_);
  std::atomic<Slot*>& place = PlaceOf(key);
  // Another call of it may have been faster.
  if (Slot* slot = place.load(std::memory_order_acquire)) return slot->calls;
  FRANK_CHECK(owned_.size() < kSlots / 2);
  owned_.push_back(std::unique_ptr<Slot>(
      new Slot{key, MethodCalls(MethodName(*key.first, key.second))}));
  place.store(owned_.back().get(), std::memory_order_release);
  return owned_.back()->calls;
}

std::vector<const CallMetrics::Slot*> CallMetrics::All() const {
  std::vector<const Slot*> all;
  for (const std::atomic<Slot*>& slot : slots_) {
    const Slot* found = slot.load(std::memory_order_acquire);
    if (found != nullptr) all.push_back(found);
  }
  return all;
}

void CountedContext::Begin(const google::protobuf::Descriptor& response,
                           grpc::ServerUnaryReactor* reactor) {
  calls_ = &metrics_.CallsOf(response, CallKind::kUnary);
  reactor_ = reactor;
  begun_ = std::chrono::steady_clock::now();
}

void CountedContext::Finish(const absl::Status& status) {
  calls_->Count(status);
  calls_->Took(std::chrono::steady_clock::now() - begun_);
  reactor_->Finish(ToGrpc(status));
}

MethodCalls* FindStreamCalls(grpc::CallbackServerContext* context,
                             const google::protobuf::Descriptor& response) {
  CountedContext* counted = CountedContext::Find(context);
  return FindStreamCalls(counted == nullptr ? nullptr : &counted->metrics(),
                         response);
}
MethodCalls* FindStreamCalls(CallMetrics* metrics,
                             const google::protobuf::Descriptor& response) {
  if (metrics == nullptr) return nullptr;
  return &metrics->CallsOf(response, CallKind::kStream);
}

}  // namespace frank::services

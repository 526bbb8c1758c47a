#include "services/common/call_queues.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "grpc/grpc.h"
#include "grpc/support/time.h"
#include "services/common/burst.h"

namespace frank::services {
namespace {

// 10,000 streams await two things each: to search a quarter of that takes two
// microseconds. With eight queues more threads wake each other than that is
// worth.
constexpr size_t kQuietQueues = 4;
// A thread that polls serves some 60,000 calls a second, for which the handlers
// behind it want the other cores.
constexpr size_t kCoresOfOneThatPolls = 4;

// After that what waits for the end of a burst waits no longer, though more
// comes.
constexpr std::chrono::milliseconds kLongestBurst{1};

void Run(grpc::CompletionQueue& queue) {
  using Clock = std::chrono::steady_clock;
  Burst burst;
  Clock::time_point end;
  void* event = nullptr;
  bool ok = false;
  for (;;) {
    if (!burst.awaited()) {
      if (!queue.Next(&event, &ok)) return;
      end = Clock::now() + kLongestBurst;
    } else if (Clock::now() > end ||
               queue.AsyncNext(&event, &ok, gpr_inf_past(GPR_CLOCK_REALTIME)) !=
                   grpc::CompletionQueue::GOT_EVENT) {
      burst.End();
      continue;
    }
    static_cast<QueueEvent*>(event)->Happened(ok);
  }
}

size_t PollingThatSuit() {
  return std::max<size_t>(
      1, std::thread::hardware_concurrency() / kCoresOfOneThatPolls);
}

size_t HandlersThatSuit() {
  return std::max<size_t>(2, std::thread::hardware_concurrency() / 2);
}

grpc_completion_queue* MakeQueue(EventQueue::Polling polling) {
  const grpc_completion_queue_attributes attributes{
      GRPC_CQ_CURRENT_VERSION, GRPC_CQ_NEXT,
      polling == EventQueue::Polling::kQuiet ? GRPC_CQ_NON_POLLING
                                             : GRPC_CQ_DEFAULT_POLLING,
      nullptr};
  return grpc_completion_queue_create(
      grpc_completion_queue_factory_lookup(&attributes), &attributes, nullptr);
}

}  // namespace

EventQueue::EventQueue(Polling polling)
    : queue_(MakeQueue(polling)), thread_([this] { Run(queue_); }) {}

void EventQueue::End() {
  if (!thread_.joinable()) return;
  queue_.Shutdown();
  thread_.join();
}

CallQueues::CallQueues(grpc::ServerBuilder& builder,
                       std::vector<CallSource*> sources, size_t polling)
    : sources_(std::move(sources)), handlers_(HandlersThatSuit()) {
  if (polling == 0) polling = PollingThatSuit();
  for (size_t i = 0; i < polling; ++i) {
    arrivals_.push_back(builder.AddCompletionQueue());
  }
  for (size_t i = 0; i < kQuietQueues; ++i) {
    quiet_.push_back(std::make_unique<EventQueue>(EventQueue::Polling::kQuiet));
  }
  for (auto& queue : arrivals_) {
    threads_.emplace_back([&queue = *queue] { Run(queue); });
  }
}

CallQueues::~CallQueues() { End(); }

void CallQueues::Start() {
  for (auto& queue : arrivals_) {
    for (CallSource* source : sources_) source->AskFor(*this, *queue);
  }
}

void CallQueues::End() {
  // A queue that is shut down takes no operation, not even one that would fail.
  {
    absl::MutexLock lock(&mutex_);
    auto none = [this] { return calls_ == 0; };
    mutex_.Await(absl::Condition(&none));
  }
  quiet_.clear();
  if (threads_.empty()) return;
  for (auto& queue : arrivals_) queue->Shutdown();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

grpc::CompletionQueue* CallQueues::NextQuiet() {
  return quiet_[next_quiet_++ % quiet_.size()]->get();
}

void CallQueues::Add(int calls) {
  absl::MutexLock lock(&mutex_);
  calls_ += calls;
}

}  // namespace frank::services

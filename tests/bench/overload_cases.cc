#include <atomic>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/load/connection.h"
#include "core/status.h"
#include "frank/v1/message.grpc.pb.h"
#include "tests/bench/calls.h"
#include "tests/bench/comparison.h"
#include "tests/bench/message_servers.h"
#include "tests/bench/people.h"
#include "tests/bench/server_process.h"
#include "tests/bench/service_cases.h"

namespace frank::bench {
namespace {

using Stub = v1::MessageService::Stub;

// Of each account 256 may wait, so that all of these are taken …
constexpr size_t kSenders = 4;
constexpr size_t kWithin = 256;
// … and of these one in ten, at most; whoever is refused asks again at once.
constexpr size_t kBeyond = 10 * kSenders * 256;
constexpr size_t kConnections = kBeyond / 256;
// Beyond the time for which a refusal is held, so that as many are answered as
// are held, and then for some more.
constexpr size_t kAcceptedBefore = 90000;
constexpr size_t kAcceptedATurn = 40000;
// At ten times what is taken, beside the peak.
constexpr double kGoodput = 0.8;

// So many on their way at a time, each asking until it is accepted and then
// for the next, until so many were accepted.
class Crowd {
 public:
  Crowd(std::vector<std::unique_ptr<Stub>>& stubs,
        const std::vector<std::string>& tokens,
        std::vector<v1::SendRequest> requests)
      : stubs_(stubs), tokens_(tokens), requests_(std::move(requests)) {}

  // Starts all; what was accepted until `AwaitAccepted` returns.
  void Start(size_t outstanding) {
    {
      absl::MutexLock lock(&mutex_);
      running_ = outstanding;
    }
    for (size_t i = 0; i < outstanding; ++i) Try(next_.fetch_add(1));
  }
  void AwaitAccepted(size_t count) {
    absl::MutexLock lock(&mutex_);
    auto enough = [&] { return accepted_ >= count; };
    mutex_.Await(absl::Condition(&enough));
  }
  // Asks for nothing more, and waits for what is on its way.
  void End() {
    ending_ = true;
    absl::MutexLock lock(&mutex_);
    auto none = [this] { return running_ == 0; };
    mutex_.Await(absl::Condition(&none));
  }
  size_t shed() const { return shed_; }

 private:
  void Try(size_t i) {
    Call<Stub, class Stub::async, v1::SendRequest, v1::SendResponse>(
        *stubs_[i % stubs_.size()], &Stub::async::Send,
        tokens_[i % tokens_.size()], requests_[i],
        [](const v1::SendResponse& response) {
          FRANK_CHECK(response.has_accepted());
        },
        [this, i](const grpc::Status& status) { Go(i, status); });
  }

  void Go(size_t i, const grpc::Status& status) {
    if (!status.ok()) {
      FRANK_CHECK(status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
      FRANK_CHECK(FindRetryAfter(load::FromGrpc(status)).has_value());
      ++shed_;
    }
    const size_t next = status.ok() ? next_.fetch_add(1) : i;
    const bool ends = ending_ || next >= requests_.size();
    {
      absl::MutexLock lock(&mutex_);
      if (status.ok()) ++accepted_;
      if (ends) --running_;
    }
    if (!ends) Try(next);
  }

  std::vector<std::unique_ptr<Stub>>& stubs_;
  const std::vector<std::string>& tokens_;
  const std::vector<v1::SendRequest> requests_;
  std::atomic<size_t> next_{0}, shed_{0};
  std::atomic<bool> ending_{false};
  absl::Mutex mutex_;
  size_t accepted_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t running_ ABSL_GUARDED_BY(mutex_) = 0;
};

class OverloadCases final : public ServiceCases {
 public:
  explicit OverloadCases(const std::string& folder)
      : platform_(PlatformOver(folder + "/overload")) {}

  void Run(const std::string& filter, size_t turns) override {
    const std::string name = "Send, more than it takes";
    if (!absl::StrContains(name, filter)) return;
    Settle();
    Turns beyond, within;
    bench::Run({name, "as many as it takes", 1 / kGoodput,
                [&] { return Turn(kBeyond, &beyond); },
                [&] { return Turn(kWithin, &within); }},
               turns);
    FRANK_CHECK(within.shed == 0);
    const Judged rates = Judge(beyond.rates, within.rates);
    std::printf("%-32s %9.0f %9.0f %7.2f   accepted a second, aim %.2f\n",
                "… goodput", rates.ours, rates.bare, rates.ratio, kGoodput);
    std::printf("%-32s %9.2f\n", "… refused for each accepted",
                static_cast<double>(beyond.shed) /
                    static_cast<double>(beyond.rates.size() * kAcceptedATurn));
  }

 private:
  void Settle() {
    const auto channel = Open(platform_.address());
    people_ = std::make_unique<People>(channel);
    people_->Register(2 * kSenders);
    for (size_t i = 0; i < kSenders; ++i) {
      rooms_.push_back(people_->MakeRoom({2 * i, 2 * i + 1}));
      tokens_.push_back(people_->devices()[2 * i].token);
    }
    for (size_t i = 0; i < kConnections; ++i) {
      stubs_.push_back(v1::MessageService::NewStub(Open(platform_.address())));
    }
  }

  struct Turns {
    // Of each, what was accepted a second.
    std::vector<double> rates;
    // Of all together.
    size_t shed = 0;
  };

  // Server CPU of a message that was accepted, with so many on their way.
  double Turn(size_t outstanding, Turns* turns) {
    std::vector<v1::SendRequest> requests;
    for (size_t i = 0; i < kAcceptedBefore + kAcceptedATurn + 2 * outstanding;
         ++i) {
      requests.push_back(people_->Write(rooms_[i % kSenders]));
    }
    Crowd crowd(stubs_, tokens_, std::move(requests));
    crowd.Start(outstanding);
    crowd.AwaitAccepted(kAcceptedBefore);
    const uint64_t before = platform_.ForegroundMicros();
    const size_t shed_before = crowd.shed();
    const absl::Time begun = absl::Now();
    crowd.AwaitAccepted(kAcceptedBefore + kAcceptedATurn);
    const uint64_t cpu = platform_.ForegroundMicros() - before;
    turns->rates.push_back(kAcceptedATurn /
                           absl::ToDoubleSeconds(absl::Now() - begun));
    turns->shed += crowd.shed() - shed_before;
    crowd.End();
    return static_cast<double>(cpu) / kAcceptedATurn;
  }

  const ServerProcess platform_;
  std::unique_ptr<People> people_;
  std::vector<load::Room> rooms_;
  std::vector<std::string> tokens_;
  std::vector<std::unique_ptr<Stub>> stubs_;
};

}  // namespace

std::unique_ptr<ServiceCases> MakeOverloadCases(const std::string& folder) {
  return std::make_unique<OverloadCases>(folder);
}

}  // namespace frank::bench

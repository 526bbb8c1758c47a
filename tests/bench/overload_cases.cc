#include <atomic>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
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
// … and of these one in four, at most; whoever is refused asks again at once.
constexpr size_t kBeyond = 4096;
constexpr size_t kConnections = kBeyond / 256;
constexpr size_t kAcceptedATurn = 4000;

// Calls that go on until so many were accepted.
class Crowd {
 public:
  Crowd(std::vector<std::unique_ptr<Stub>>& stubs,
        const std::vector<std::string>& tokens,
        std::vector<v1::SendRequest> requests)
      : stubs_(stubs), tokens_(tokens), requests_(std::move(requests)) {}

  void Run(size_t outstanding) {
    Drive(requests_.size(), outstanding,
          [this](size_t i, Answered answered) { Try(i, std::move(answered)); });
  }
  size_t shed() const { return shed_; }

 private:
  void Try(size_t i, Answered answered) {
    Call<Stub, class Stub::async, v1::SendRequest, v1::SendResponse>(
        *stubs_[i % stubs_.size()], &Stub::async::Send,
        tokens_[i % tokens_.size()], requests_[i],
        [](const v1::SendResponse& response) {
          FRANK_CHECK(response.has_accepted());
        },
        [this, i, answered](const grpc::Status& status) {
          if (status.ok()) return answered(status);
          FRANK_CHECK(status.error_code() ==
                      grpc::StatusCode::RESOURCE_EXHAUSTED);
          FRANK_CHECK(FindRetryAfter(load::FromGrpc(status)).has_value());
          ++shed_;
          Try(i, answered);
        });
  }

  std::vector<std::unique_ptr<Stub>>& stubs_;
  const std::vector<std::string>& tokens_;
  const std::vector<v1::SendRequest> requests_;
  std::atomic<size_t> shed_{0};
};

class OverloadCases final : public ServiceCases {
 public:
  explicit OverloadCases(const std::string& folder)
      : platform_(PlatformOver(folder + "/overload")) {}

  void Run(const std::string& filter, size_t turns) override {
    const std::string name = "Send, more than it takes";
    if (!absl::StrContains(name, filter)) return;
    Settle();
    size_t shed = 0, runs = 0;
    bench::Run({name, "as many as it takes", 1 / 0.8,
                [&] {
                  ++runs;
                  return Turn(kBeyond, &shed);
                },
                [&] {
                  size_t none = 0;
                  const double cost = Turn(kWithin, &none);
                  FRANK_CHECK(none == 0);
                  return cost;
                }},
               turns);
    std::printf("%-32s %9.2f\n", "… refused for each accepted",
                static_cast<double>(shed) / (runs * kAcceptedATurn));
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

  // Server CPU of a message that was accepted, with so many on their way.
  double Turn(size_t outstanding, size_t* shed) {
    std::vector<v1::SendRequest> requests;
    for (size_t i = 0; i < kAcceptedATurn; ++i) {
      requests.push_back(people_->Write(rooms_[i % kSenders]));
    }
    Crowd crowd(stubs_, tokens_, std::move(requests));
    const uint64_t before = platform_.CpuMicros();
    crowd.Run(outstanding);
    *shed += crowd.shed();
    return static_cast<double>(platform_.CpuMicros() - before) / kAcceptedATurn;
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

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "client/load/receivers.h"
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

using Service = v1::MessageService;
using Stub = Service::Stub;

constexpr size_t kRecipients = 100;
constexpr size_t kFanOutsATurn = 60;
constexpr size_t kFanOutsAtOnce = 8;
constexpr double kMostBeyond = 2;
constexpr size_t kTimedATurn = 100;
constexpr double kMostEchoes = 3;
// Acknowledgements wait for company before they are committed. What they cost
// belongs to the turn.
constexpr absl::Duration kSettled = absl::Milliseconds(60);

class DeliveryCases final : public ServiceCases {
 public:
  explicit DeliveryCases(const std::string& folder)
      : platform_(PlatformOver(folder + "/delivering-platform")),
        streams_(FanOutEcho()),
        no_streams_(FanOutEcho()),
        echo_(SendEchoOver(folder + "/delivery-echo")) {}

  void Run(const std::string& filter, size_t turns) override {
    const std::string fan_out = "deliver to 100, a device";
    const std::string time_of_one = "deliver to one, p50, us";
    const std::string time_of_all = "deliver to 100, p50 of last, us";
    const bool wanted = absl::StrContains(fan_out, filter) ||
                        absl::StrContains(time_of_one, filter) ||
                        absl::StrContains(time_of_all, filter);
    if (!wanted) return;
    Settle();
    RunFanOut(fan_out, filter, turns);
    RunTimes(time_of_one, kMostEchoes, one_, 1, filter, turns);
    RunTimes(time_of_all, 0, connected_, kRecipients, filter, turns);
    receivers_.reset();
    bare_receivers_.reset();
  }

 private:
  // A crowd that is connected, at both, one that is not, and one of the first
  // who is spoken to alone.
  void Settle() {
    const auto channel = Open(platform_.address());
    platform_stub_ = Service::NewStub(channel);
    streams_stub_ = Service::NewStub(Open(streams_.address()));
    no_streams_stub_ = Service::NewStub(Open(no_streams_.address()));
    echo_stub_ = Service::NewStub(Open(echo_.address()));
    people_ = std::make_unique<People>(channel);
    people_->Register(1 + 2 * kRecipients);
    connected_ = MakeCrowd(1);
    away_ = MakeCrowd(1 + kRecipients);
    one_ = people_->MakeRoom({0, 1});
    std::vector<load::Device> devices(
        people_->devices().begin() + 1,
        people_->devices().begin() + 1 + kRecipients);
    receivers_ = Connect(devices, platform_.address(), deliveries_);
    bare_receivers_ = Connect(devices, streams_.address(), deliveries_);
  }

  load::Room MakeCrowd(size_t first) {
    std::vector<size_t> members = {0};
    for (size_t i = 0; i < kRecipients; ++i) members.push_back(first + i);
    return people_->MakeRoom(std::move(members));
  }

  void Send(Stub& stub, const v1::SendRequest& request, Answered answered) {
    Call<Stub, class Stub::async, v1::SendRequest, v1::SendResponse>(
        stub, &Stub::async::Send, people_->devices()[0].token, request,
        [](const v1::SendResponse& response) {
          FRANK_CHECK(response.has_accepted());
        },
        std::move(answered));
  }

  // Sends, and answers when so many have it.
  void Deliver(Stub& stub, const v1::SendRequest& request, size_t recipients,
               Answered answered) {
    if (recipients == 0) return Send(stub, request, std::move(answered));
    deliveries_.Expect(request.envelope().message_id(), recipients,
                       [answered](const absl::Status& status) {
                         FRANK_CHECK(status.ok());
                         answered(grpc::Status::OK);
                       });
    Send(stub, request,
         [](const grpc::Status& status) { FRANK_CHECK(status.ok()); });
  }

  std::vector<v1::SendRequest> Write(const load::Room& room, size_t count) {
    std::vector<v1::SendRequest> requests;
    for (size_t i = 0; i < count; ++i) {
      requests.push_back(people_->Write(room));
    }
    return requests;
  }

  // Server CPU of a message to a crowd, of which so many are connected.
  double CrowdTurn(Stub& stub, const ServerProcess& server,
                   const load::Room& room, size_t connected) {
    const auto requests = Write(room, kFanOutsATurn);
    absl::SleepFor(kSettled);
    const uint64_t before = server.CpuMicros();
    Drive(kFanOutsATurn, kFanOutsAtOnce, [&](size_t i, Answered answered) {
      Deliver(stub, requests[i], connected, std::move(answered));
    });
    absl::SleepFor(kSettled);
    return static_cast<double>(server.CpuMicros() - before) / kFanOutsATurn;
  }

  // What a message to a crowd costs a device of it beyond what it costs when
  // none is connected.
  double PlatformTurn() {
    const double there =
        CrowdTurn(*platform_stub_, platform_, connected_, kRecipients);
    return (there - CrowdTurn(*platform_stub_, platform_, away_, 0)) /
           kRecipients;
  }
  double StreamsTurn() {
    const double there =
        CrowdTurn(*streams_stub_, streams_, connected_, kRecipients);
    return (there - CrowdTurn(*no_streams_stub_, no_streams_, away_, 0)) /
           kRecipients;
  }

  void RunFanOut(const std::string& name, const std::string& filter,
                 size_t turns) {
    if (!absl::StrContains(name, filter)) return;
    bench::Run({name, "bare streams", 0, [this] { return PlatformTurn(); },
                [this] { return StreamsTurn(); }, kMostBeyond},
               turns);
  }

  // Median time from sending to the last recipient, or to the answer; one
  // message at a time.
  double TimeTurn(Stub& stub, const load::Room& room, size_t recipients) {
    const auto requests = Write(room, kTimedATurn);
    std::vector<double> times(kTimedATurn);
    Drive(kTimedATurn, 1, [&](size_t i, Answered answered) {
      const absl::Time begin = absl::Now();
      Deliver(stub, requests[i], recipients,
              [&times, i, begin, answered](const grpc::Status& status) {
                times[i] = absl::ToDoubleMicroseconds(absl::Now() - begin);
                answered(status);
              });
    });
    std::nth_element(times.begin(), times.begin() + kTimedATurn / 2,
                     times.end());
    return times[kTimedATurn / 2];
  }

  void RunTimes(const std::string& name, double aim, const load::Room& room,
                size_t recipients, const std::string& filter, size_t turns) {
    if (!absl::StrContains(name, filter)) return;
    bench::Run({name, "echo, commit, fdatasync", aim,
                [&] { return TimeTurn(*platform_stub_, room, recipients); },
                [&] { return TimeTurn(*echo_stub_, room, 0); }},
               turns);
  }

  const ServerProcess platform_;
  const ServerProcess streams_;
  const ServerProcess no_streams_;
  const ServerProcess echo_;
  std::unique_ptr<Stub> platform_stub_;
  std::unique_ptr<Stub> streams_stub_;
  std::unique_ptr<Stub> no_streams_stub_;
  std::unique_ptr<Stub> echo_stub_;
  std::unique_ptr<People> people_;
  load::Room connected_;
  load::Room away_;
  load::Room one_;
  load::Deliveries deliveries_;
  std::unique_ptr<load::Receivers> receivers_;
  std::unique_ptr<load::Receivers> bare_receivers_;
};

}  // namespace

std::unique_ptr<ServiceCases> MakeDeliveryCases(const std::string& folder) {
  return std::make_unique<DeliveryCases>(folder);
}

}  // namespace frank::bench

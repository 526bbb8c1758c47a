#include <rocksdb/db.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/load/receivers.h"
#include "core/bytes.h"
#include "core/limits.h"
#include "core/status.h"
#include "frank/v1/message.grpc.pb.h"
#include "tests/bench/calls.h"
#include "tests/bench/comparison.h"
#include "tests/bench/message_servers.h"
#include "tests/bench/paced.h"
#include "tests/bench/people.h"
#include "tests/bench/server_process.h"
#include "tests/bench/service_cases.h"

namespace frank::bench {
namespace {

using Service = v1::MessageService;
using Stub = Service::Stub;

constexpr size_t kSenders = 64;
constexpr size_t kSendsATurn = 2000;
constexpr size_t kPacedSends = 10000;
constexpr size_t kBatch = 64;
constexpr size_t kBatchesATurn = 40;
constexpr size_t kBatchesAtOnce = 8;
constexpr size_t kIdleDevices = 1000;
constexpr size_t kManyDevices = 10000;
constexpr absl::Duration kIdleTime = absl::Seconds(5);
constexpr absl::Duration kSettled = absl::Seconds(1);

double OwnCpuMicros() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto micros = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 +
           static_cast<double>(time.tv_usec);
  };
  return micros(usage.ru_utime) + micros(usage.ru_stime);
}

// What one thing of a turn cost, in microseconds: of the CPU, and by the clock.
struct Cost {
  double cpu = 0;
  double wall = 0;
};

// One value of a batch of 64 that RocksDB writes and syncs.
class BareBatches {
 public:
  explicit BareBatches(const std::string& folder) {
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* db = nullptr;
    FRANK_CHECK(rocksdb::DB::Open(options, folder, &db).ok());
    db_.reset(db);
  }
  Cost Turn() {
    const double before = OwnCpuMicros();
    const absl::Time begun = absl::Now();
    rocksdb::WriteOptions synced;
    synced.sync = true;
    const std::string value(1200, 'x');
    for (size_t i = 0; i < kBatchesATurn; ++i) {
      rocksdb::WriteBatch batch;
      for (size_t j = 0; j < kBatch; ++j) {
        std::string key;
        AppendU64(next_++ * 0x9e3779b97f4a7c15, &key);
        FRANK_CHECK(batch.Put(key, value).ok());
      }
      FRANK_CHECK(db_->Write(synced, &batch).ok());
    }
    const double wall = absl::ToDoubleMicroseconds(absl::Now() - begun);
    constexpr double kValues = kBatchesATurn * kBatch;
    return {(OwnCpuMicros() - before) / kValues, wall / kValues};
  }

 private:
  std::unique_ptr<rocksdb::DB> db_;
  uint64_t next_ = 0;
};

class MessageCases final : public ServiceCases {
 public:
  explicit MessageCases(const std::string& folder)
      : folder_(folder),
        platform_(PlatformOver(folder + "/platform")),
        echo_(SendEchoOver(folder + "/echo")) {}

  void Run(const std::string& filter, size_t turns) override {
    Settle();
    for (size_t outstanding : {size_t{64}, size_t{256}}) {
      RunSends(outstanding, filter, turns);
    }
    RunHalfLoad(filter, turns);
    RunBatches(filter, turns);
    WeighIdleDevices(filter);
    HoldManyDevices(filter, turns);
  }

 private:
  // Pairs who speak to one another.
  void Settle() {
    platform_channel_ = Open(platform_.address());
    platform_stub_ = Service::NewStub(platform_channel_);
    echo_stub_ = Service::NewStub(Open(echo_.address()));
    people_ = std::make_unique<People>(platform_channel_);
    people_->Register(kSenders + 1);
    for (size_t i = 0; i < kSenders; ++i) {
      pairs_.push_back(people_->MakeRoom({i, i + 1}));
    }
  }

  const std::string& TokenOf(const load::Room& room) const {
    return people_->devices()[room.members.front()].token;
  }

  // Server CPU of a Send, with so many on their way.
  double SendTurn(Stub& stub, const ServerProcess& server, size_t outstanding) {
    std::vector<v1::SendRequest> requests;
    for (size_t i = 0; i < kSendsATurn; ++i) {
      requests.push_back(people_->Write(pairs_[i % kSenders]));
    }
    const uint64_t before = server.CpuMicros();
    Drive(kSendsATurn, outstanding, [&](size_t i, Answered answered) {
      Send(stub, pairs_[i % kSenders], requests[i], std::move(answered));
    });
    return static_cast<double>(server.CpuMicros() - before) / kSendsATurn;
  }

  void Send(Stub& stub, const load::Room& room, const v1::SendRequest& request,
            Answered answered) {
    Call<Stub, class Stub::async, v1::SendRequest, v1::SendResponse>(
        stub, &Stub::async::Send, TokenOf(room), request,
        [](const v1::SendResponse& response) {
          FRANK_CHECK(response.has_accepted());
        },
        std::move(answered));
  }

  void RunSends(size_t outstanding, const std::string& filter, size_t turns) {
    const std::string name =
        absl::StrCat("Send, durable, ", outstanding, " at once");
    if (!absl::StrContains(name, filter)) return;
    bench::Run(
        {name, "echo, commit, fdatasync", 1 / 0.8,
         [&] { return SendTurn(*platform_stub_, platform_, outstanding); },
         [&] { return SendTurn(*echo_stub_, echo_, outstanding); }},
        turns);
  }

  void RunHalfLoad(const std::string& filter, size_t turns) {
    const std::string name = "half load, Send";
    if (!absl::StrContains(name, filter)) return;
    std::vector<v1::SendRequest> requests(kPacedSends);
    const auto to = [&](Stub& stub) {
      return [this, &stub, &requests](size_t i, Answered answered) {
        Send(stub, pairs_[i % kSenders], requests[i], std::move(answered));
      };
    };
    const auto prepare = [&] {
      for (size_t i = 0; i < kPacedSends; ++i) {
        requests[i] = people_->Write(pairs_[i % kSenders]);
      }
    };
    bench::RunHalfLoad({name, "echo, commit, fdatasync", kPacedSends, prepare,
                        to(*platform_stub_), to(*echo_stub_)},
                       turns);
  }

  // A message in a SendBatch of 64.
  Cost BatchTurn() {
    std::vector<v1::SendBatchRequest> requests(kBatchesATurn);
    for (size_t i = 0; i < kBatchesATurn; ++i) {
      for (size_t j = 0; j < kBatch; ++j) {
        *requests[i].add_send() = people_->Write(pairs_[i % kSenders]);
      }
    }
    const uint64_t before = platform_.CpuMicros();
    const absl::Time begun = absl::Now();
    Drive(kBatchesATurn, kBatchesAtOnce, [&](size_t i, Answered answered) {
      Call<Stub, class Stub::async, v1::SendBatchRequest,
           v1::SendBatchResponse>(
          *platform_stub_, &Stub::async::SendBatch,
          TokenOf(pairs_[i % kSenders]), requests[i],
          [](const v1::SendBatchResponse& response) {
            for (const auto& outcome : response.outcome()) {
              FRANK_CHECK(outcome.response().has_accepted());
            }
          },
          std::move(answered));
    });
    const double wall = absl::ToDoubleMicroseconds(absl::Now() - begun);
    const auto cpu = static_cast<double>(platform_.CpuMicros() - before);
    constexpr double kMessages = kBatchesATurn * kBatch;
    return {cpu / kMessages, wall / kMessages};
  }

  void RunBatches(const std::string& filter, size_t turns) {
    const std::string name = "SendBatch of 64, durable";
    if (!absl::StrContains(name, filter)) return;
    BareBatches bare(folder_ + "/bare");
    bench::Run(
        {name, "RocksDB batch of 64, synced", 0,
         [&] { return BatchTurn().cpu; }, [&] { return bare.Turn().cpu; }},
        turns);
    bench::Run(
        {"… by the clock, with the client", "RocksDB batch of 64, synced", 1.5,
         [&] { return BatchTurn().wall; }, [&] { return bare.Turn().wall; }},
        turns);
  }

  // What a server's memory grows by for each device that connects and gets
  // nothing, beyond the first, which wake its threads and fill its caches.
  double WeighIdleDevices(const ServerProcess& server,
                          const std::vector<load::Device>& idle) {
    const std::vector<load::Device> first(idle.begin(),
                                          idle.begin() + kIdleDevices);
    const std::vector<load::Device> next(idle.begin() + kIdleDevices,
                                         idle.end());
    load::Deliveries deliveries;
    const auto earlier = Connect(first, server.address(), deliveries);
    const uint64_t before = server.ResidentKb();
    const auto receivers = Connect(next, server.address(), deliveries);
    const uint64_t after = server.ResidentKb();
    return static_cast<double>(after - std::min(before, after)) /
           static_cast<double>(next.size());
  }

  void WeighIdleDevices(const std::string& filter) {
    const std::string name = "memory of an idle device, kB";
    if (!absl::StrContains(name, filter)) return;
    const std::vector<load::Device> idle = RegisterMore(3 * kIdleDevices);
    const double bare = WeighIdleDevices(echo_, idle);
    const double ours = WeighIdleDevices(platform_, idle);
    std::printf("%-32s %9.2f %9.2f %7.2f   beside an idle stream; aim 10 kB\n",
                name.c_str(), ours, bare, ours / bare);
  }

  // As many as a server should hold: what they take when they get nothing, that
  // what is sent to some of them arrives, and what they add to another's Send.
  void HoldManyDevices(const std::string& filter, size_t turns) {
    const std::string name = "10,000 connected devices";
    if (!absl::StrContains(name, filter)) return;
    const size_t first = people_->devices().size();
    const std::vector<load::Device> devices = RegisterMore(kManyDevices);
    std::vector<size_t> members;
    for (size_t i = 0; i < limits::kMaxRoomMembers; ++i) {
      members.push_back(first + i * (kManyDevices / limits::kMaxRoomMembers));
    }
    const load::Room room = people_->MakeRoom(std::move(members));
    load::Deliveries deliveries;
    const uint64_t kb_before = platform_.ResidentKb();
    auto receivers = Connect(devices, platform_.address(), deliveries);
    const uint64_t kb = platform_.ResidentKb();
    const uint64_t cpu_before = platform_.CpuMicros();
    absl::SleepFor(kIdleTime);
    const uint64_t cpu = platform_.CpuMicros() - cpu_before;
    const absl::Duration took = AwaitDelivery(room, &deliveries);
    FRANK_CHECK(receivers->status().ok());
    std::printf(
        "%-32s %6.2f kB each, %.1f MB in all; idle %.2f %% of a core; a "
        "message to %zu of them took %.0f ms\n",
        name.c_str(), static_cast<double>(kb - kb_before) / kManyDevices,
        static_cast<double>(kb) / 1024,
        static_cast<double>(cpu) / absl::ToDoubleMicroseconds(kIdleTime) * 100,
        room.members.size() - 1, absl::ToDoubleMilliseconds(took));
    receivers.reset();
    RunBesideDevices(devices, turns);
  }

  // What devices that are connected add to a Send of somebody else.
  void RunBesideDevices(const std::vector<load::Device>& devices,
                        size_t turns) {
    load::Deliveries deliveries;
    const auto send = [this] {
      // What connecting left to do, or its end.
      absl::SleepFor(kSettled);
      return SendTurn(*platform_stub_, platform_, kSenders);
    };
    bench::Run({"… a Send beside them", "beside none", 0,
                [&] {
                  const auto receivers =
                      Connect(devices, platform_.address(), deliveries);
                  return send();
                },
                send},
               turns);
  }

  // Sends a message and waits until each of the room's others has it.
  absl::Duration AwaitDelivery(const load::Room& room,
                               load::Deliveries* deliveries) {
    const v1::SendRequest request = people_->Write(room);
    absl::Notification arrived;
    deliveries->Expect(request.envelope().message_id(), room.members.size() - 1,
                       [&arrived](const absl::Status& status) {
                         FRANK_CHECK(status.ok());
                         arrived.Notify();
                       });
    const absl::Time begun = absl::Now();
    Send(*platform_stub_, room, request,
         [](const grpc::Status& status) { FRANK_CHECK(status.ok()); });
    FRANK_CHECK(arrived.WaitForNotificationWithTimeout(absl::Minutes(1)));
    return absl::Now() - begun;
  }

  std::vector<load::Device> RegisterMore(size_t count) {
    const auto first = static_cast<ptrdiff_t>(people_->devices().size());
    people_->Register(count);
    return {people_->devices().begin() + first, people_->devices().end()};
  }

  const std::string folder_;
  const ServerProcess platform_;
  const ServerProcess echo_;
  std::shared_ptr<grpc::Channel> platform_channel_;
  std::unique_ptr<Stub> platform_stub_;
  std::unique_ptr<Stub> echo_stub_;
  std::unique_ptr<People> people_;
  std::vector<load::Room> pairs_;
};

}  // namespace

std::unique_ptr<ServiceCases> MakeMessageCases(const std::string& folder) {
  return std::make_unique<MessageCases>(folder);
}

}  // namespace frank::bench

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
#include "client/load/receivers.h"
#include "core/bytes.h"
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

constexpr size_t kSenders = 64;
constexpr size_t kSendsATurn = 2000;
constexpr size_t kBatch = 64;
constexpr size_t kBatchesATurn = 40;
constexpr size_t kBatchesAtOnce = 4;
constexpr size_t kIdleDevices = 1000;

double OwnCpuMicros() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto micros = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 +
           static_cast<double>(time.tv_usec);
  };
  return micros(usage.ru_utime) + micros(usage.ru_stime);
}

// CPU of one value of a batch of 64 that RocksDB writes and syncs.
class BareBatches {
 public:
  explicit BareBatches(const std::string& folder) {
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* db = nullptr;
    FRANK_CHECK(rocksdb::DB::Open(options, folder, &db).ok());
    db_.reset(db);
  }
  double Turn() {
    const double before = OwnCpuMicros();
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
    return (OwnCpuMicros() - before) / (kBatchesATurn * kBatch);
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
    RunBatches(filter, turns);
    WeighIdleDevices(filter);
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

  // Server CPU of a message in a SendBatch of 64.
  double BatchTurn() {
    std::vector<v1::SendBatchRequest> requests(kBatchesATurn);
    for (size_t i = 0; i < kBatchesATurn; ++i) {
      for (size_t j = 0; j < kBatch; ++j) {
        *requests[i].add_send() = people_->Write(pairs_[i % kSenders]);
      }
    }
    const uint64_t before = platform_.CpuMicros();
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
    return static_cast<double>(platform_.CpuMicros() - before) /
           (kBatchesATurn * kBatch);
  }

  void RunBatches(const std::string& filter, size_t turns) {
    const std::string name = "SendBatch of 64, durable";
    if (!absl::StrContains(name, filter)) return;
    BareBatches bare(folder_ + "/bare");
    bench::Run({name, "RocksDB batch of 64, synced", 0,
                [&] { return BatchTurn(); }, [&] { return bare.Turn(); }},
               turns);
  }

  // What the server's memory grows by when devices connect that get nothing.
  void WeighIdleDevices(const std::string& filter) {
    const std::string name = "memory of an idle device, kB";
    if (!absl::StrContains(name, filter)) return;
    const size_t first = people_->devices().size();
    people_->Register(kIdleDevices);
    const std::vector<load::Device> idle(
        people_->devices().begin() + static_cast<ptrdiff_t>(first),
        people_->devices().end());
    load::Deliveries deliveries;
    const uint64_t before = platform_.ResidentKb();
    const auto receivers = Connect(idle, platform_.address(), deliveries);
    const uint64_t after = platform_.ResidentKb();
    std::printf(
        "%-32s %9.2f  of %zu; the aim is 10\n", name.c_str(),
        static_cast<double>(after - std::min(before, after)) / kIdleDevices,
        kIdleDevices);
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

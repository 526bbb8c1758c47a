#include "client/load/stamp_load.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/load/stamp_stream.h"
#include "core/bytes.h"
#include "core/ids.h"
#include "frank/v1/franking.grpc.pb.h"

namespace frank::load {
namespace {

using Service = frank::v1::FrankingService;

class StampLoad final : public Workload {
 public:
  StampLoad(StampOptions options,
            const std::vector<std::shared_ptr<grpc::Channel>>& platform,
            RandomSource& random)
      : options_(std::move(options)),
        stubs_(platform),
        random_(random),
        senders_(options_.senders, options_.zipf),
        rooms_(options_.rooms, options_.zipf) {
    if (options_.mode != StampMode::kStream) return;
    for (const auto& channel : platform) {
      streams_.push_back(
          std::make_unique<StampStream>(channel, options_.token));
    }
  }

  std::vector<Operation> operations() const override {
    switch (options_.mode) {
      case StampMode::kUnary:
        return {{"stamp"}};
      case StampMode::kBatch:
        return {{"stamp-batch", /*follows=*/false, options_.batch}};
      case StampMode::kStream:
        return {{"stamp-stream", /*follows=*/false, options_.batch}};
    }
    return {};
  }

  absl::Status Begin(const RunContext&) override { return absl::OkStatus(); }
  void End() override { WaitForCalls(); }

  absl::StatusOr<Job> Compose(Dice* dice) override {
    if (options_.mode == StampMode::kUnary) return ComposeUnary(dice);
    frank::v1::StampBatchRequest request;
    for (size_t i = 0; i < options_.batch; ++i) {
      Fill(dice, request.add_stamp());
    }
    return options_.mode == StampMode::kBatch ? BatchJob(std::move(request))
                                              : StreamJob(std::move(request));
  }

 private:
  void Fill(Dice* dice, frank::v1::StampRequest* stamp) const {
    stamp->set_franking_tag(ToString(FrankingTag::Random(random_).bytes()));
    stamp->set_sender_uri(
        absl::StrCat(options_.authority, "/u/load-", senders_.Draw(dice)));
    stamp->set_room_uri(
        absl::StrCat(options_.authority, "/r/load-", rooms_.Draw(dice)));
  }

  Job ComposeUnary(Dice* dice) {
    frank::v1::StampRequest request;
    Fill(dice, &request);
    return Job{0, [this, request = std::move(request)](Nanos, Done done) {
                 CallAsync(stubs_.Next(), &Async<Service>::Stamp,
                           options_.token, request,
                           [done](const absl::Status& status,
                                  frank::v1::StampResponse&) { done(status); });
               }};
  }

  Job BatchJob(frank::v1::StampBatchRequest request) {
    return Job{0, [this, request = std::move(request)](Nanos, Done done) {
                 CallAsync(
                     stubs_.Next(), &Async<Service>::StampBatch, options_.token,
                     request,
                     [done](const absl::Status& status,
                            frank::v1::StampBatchResponse&) { done(status); });
               }};
  }

  Job StreamJob(frank::v1::StampBatchRequest request) {
    return Job{0, [this, request = std::move(request)](Nanos, Done done) {
                 FreeStream().Stamp(request, done);
               }};
  }

  // In turn, but for those that are full: one has room unless the answers of an
  // earlier rate are still to come.
  StampStream& FreeStream() {
    const size_t first = next_stream_.fetch_add(1);
    for (size_t i = first; i < first + streams_.size(); ++i) {
      StampStream& stream = *streams_[i % streams_.size()];
      if (stream.HasRoom()) return stream;
    }
    return *streams_[first % streams_.size()];
  }

  const StampOptions options_;
  Stubs<Service> stubs_;
  RandomSource& random_;
  const Zipf senders_;
  const Zipf rooms_;
  std::vector<std::unique_ptr<StampStream>> streams_;
  std::atomic<size_t> next_stream_{0};
};

}  // namespace

std::unique_ptr<Workload> MakeStampLoad(
    const StampOptions& options,
    const std::vector<std::shared_ptr<grpc::Channel>>& platform,
    RandomSource& random) {
  return std::make_unique<StampLoad>(options, platform, random);
}

}  // namespace frank::load

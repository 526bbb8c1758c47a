#include "services/platform/franking_rpc.h"

#include <atomic>
#include <utility>

#include "frank/v1/franking.grpc.pb.h"
#include "services/common/stream.h"

namespace frank::platform {
namespace {

using services::Call;
using services::RpcService;
using services::Runs;

// Answers that may wait for a slow client before its next request is read.
constexpr size_t kWindow = 4;

class Stream final : public services::BidiStream<v1::StampBatchRequest,
                                                 v1::StampBatchResponse> {
 public:
  Stream(FrankingHandler& handler, Call call)
      : BidiStream(kWindow), handler_(handler), call_(std::move(call)) {}

 private:
  void OnStart() override {
    absl::StatusOr<const StampCredential*> credential =
        handler_.Authorize(call_);
    if (!credential.ok()) return Close(credential.status());
    credential_ = *credential;
    ReadNext();
  }

  void OnRequest(const v1::StampBatchRequest& request) override {
    v1::StampBatchResponse response = TakeSent();
    absl::Status stamped = handler_.StampFor(*credential_, request, &response);
    if (!stamped.ok()) return Close(std::move(stamped));
    Send(std::move(response));
    // Said before it is asked: either this or the last OnSent sees room.
    paused_ = true;
    ReadIfThereIsRoom();
  }
  void OnSent() override { ReadIfThereIsRoom(); }

  void ReadIfThereIsRoom() {
    if (unsent() < kWindow && paused_.exchange(false)) ReadNext();
  }

  FrankingHandler& handler_;
  const Call call_;
  const StampCredential* credential_ = nullptr;
  std::atomic<bool> paused_{false};
};

}  // namespace

std::unique_ptr<RpcService> MakeFrankingService(FrankingHandler& handler) {
  auto service =
      std::make_unique<RpcService>(v1::FrankingService::service_full_name());
  service->Unary("Stamp", handler, &FrankingHandler::Stamp, Runs::kWherePolled);
  service->Unary("StampBatch", handler, &FrankingHandler::StampBatch,
                 Runs::kWherePolled);
  service->Streaming(
      "StampStream",
      [&handler](const Call& call) {
        return std::make_shared<Stream>(handler, call);
      },
      services::Queue::kPolled);
  return service;
}

}  // namespace frank::platform

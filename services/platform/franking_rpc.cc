#include "services/platform/franking_rpc.h"

#include <atomic>
#include <memory>
#include <utility>

#include "services/common/stream.h"

namespace frank::platform {
namespace {

// Answers that may wait for a slow client before its next request is read.
constexpr size_t kWindow = 4;

class Stream final : public services::BidiStream<v1::StampBatchRequest,
                                                 v1::StampBatchResponse> {
 public:
  Stream(FrankingHandler& handler, services::Call call)
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
  const services::Call call_;
  const StampCredential* credential_ = nullptr;
  std::atomic<bool> paused_{false};
};

}  // namespace

grpc::ServerUnaryReactor* FrankingRpc::Stamp(
    grpc::CallbackServerContext* context, const v1::StampRequest* request,
    v1::StampResponse* response) {
  return services::ServeUnary(
      context, request, response, [this](auto&&... args) {
        handler_.Stamp(std::forward<decltype(args)>(args)...);
      });
}

grpc::ServerUnaryReactor* FrankingRpc::StampBatch(
    grpc::CallbackServerContext* context, const v1::StampBatchRequest* request,
    v1::StampBatchResponse* response) {
  return services::ServeUnary(
      context, request, response, [this](auto&&... args) {
        handler_.StampBatch(std::forward<decltype(args)>(args)...);
      });
}

grpc::ServerBidiReactor<v1::StampBatchRequest, v1::StampBatchResponse>*
FrankingRpc::StampStream(grpc::CallbackServerContext* context) {
  return Stream::Serve(context, std::make_shared<Stream>(
                                    handler_, services::Call::From(*context)));
}

}  // namespace frank::platform

#include "services/platform/message_rpc.h"

#include <memory>
#include <utility>

#include "services/platform/receive_stream.h"

namespace frank::platform {

using services::ServeUnary;

grpc::ServerUnaryReactor* MessageRpc::Send(grpc::CallbackServerContext* context,
                                           const v1::SendRequest* request,
                                           v1::SendResponse* response) {
  return ServeUnary(context, request, response, [this](auto&&... args) {
    handler_.Send(std::forward<decltype(args)>(args)...);
  });
}

grpc::ServerUnaryReactor* MessageRpc::SendBatch(
    grpc::CallbackServerContext* context, const v1::SendBatchRequest* request,
    v1::SendBatchResponse* response) {
  return ServeUnary(context, request, response, [this](auto&&... args) {
    handler_.SendBatch(std::forward<decltype(args)>(args)...);
  });
}

void MessageRpc::Request(grpc::ServerContext* context,
                         services::QueuedCall::Wire* wire,
                         grpc::ServerCompletionQueue* queue, void* tag) {
  RequestReceive(context, wire, queue, queue, tag);
}

void MessageRpc::Serve(std::unique_ptr<services::QueuedCall> call) {
  auto stream = std::make_shared<ReceiveStream>(
      hub_,
      authenticator_.AuthenticateDevice(services::Call::From(call->context())));
  ReceiveStream::Serve(std::move(call), std::move(stream));
}

}  // namespace frank::platform

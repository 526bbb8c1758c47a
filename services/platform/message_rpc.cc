#include "services/platform/message_rpc.h"

#include "frank/v1/message.grpc.pb.h"
#include "services/platform/receive_stream.h"

namespace frank::platform {

using services::Call;
using services::RpcService;
using services::Runs;

std::unique_ptr<RpcService> MakeMessageService(MessageHandler& handler,
                                               Authenticator& authenticator,
                                               ReceiveHub& hub) {
  auto service =
      std::make_unique<RpcService>(v1::MessageService::service_full_name());
  service->Unary("Send", handler, &MessageHandler::Send, Runs::kWherePolled);
  service->Unary("SendBatch", handler, &MessageHandler::SendBatch,
                 Runs::kWherePolled);
  service->Streaming(
      "Receive",
      [&authenticator, &hub](const Call& call) {
        return std::make_shared<ReceiveStream>(
            hub, authenticator.AuthenticateDevice(call));
      },
      services::Queue::kQuiet);
  return service;
}

}  // namespace frank::platform

// MessageService over gRPC.
#ifndef FRANK_SERVICES_PLATFORM_MESSAGE_RPC_H_
#define FRANK_SERVICES_PLATFORM_MESSAGE_RPC_H_

#include "frank/v1/message.grpc.pb.h"
#include "services/platform/authenticator.h"
#include "services/platform/message_handler.h"
#include "services/platform/receive_hub.h"

namespace frank::platform {

class MessageRpc final : public v1::MessageService::CallbackService {
 public:
  // All outlive the service.
  MessageRpc(MessageHandler& handler, Authenticator& authenticator,
             ReceiveHub& hub)
      : handler_(handler), authenticator_(authenticator), hub_(hub) {}

  grpc::ServerUnaryReactor* Send(grpc::CallbackServerContext* context,
                                 const v1::SendRequest* request,
                                 v1::SendResponse* response) override;
  grpc::ServerUnaryReactor* SendBatch(grpc::CallbackServerContext* context,
                                      const v1::SendBatchRequest* request,
                                      v1::SendBatchResponse* response) override;
  grpc::ServerBidiReactor<v1::ReceiveRequest, v1::ReceiveResponse>* Receive(
      grpc::CallbackServerContext* context) override;

 private:
  MessageHandler& handler_;
  Authenticator& authenticator_;
  ReceiveHub& hub_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_MESSAGE_RPC_H_

// MessageService over gRPC.
#ifndef FRANK_SERVICES_PLATFORM_MESSAGE_RPC_H_
#define FRANK_SERVICES_PLATFORM_MESSAGE_RPC_H_

#include <memory>

#include "frank/v1/message.grpc.pb.h"
#include "services/common/stream_queues.h"
#include "services/platform/authenticator.h"
#include "services/platform/message_handler.h"
#include "services/platform/receive_hub.h"

namespace frank::platform {

// Receive lasts. It is raw: what many devices get alike is one buffer for all
// of them.
using MessageMethods = v1::MessageService::WithRawMethod_Receive<
    v1::MessageService::WithCallbackMethod_SendBatch<
        v1::MessageService::WithCallbackMethod_Send<
            v1::MessageService::Service>>>;

class MessageRpc final : public MessageMethods, public services::QueuedMethod {
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

  // Receive.
  void Request(grpc::ServerContext* context, services::QueuedCall::Wire* wire,
               grpc::ServerCompletionQueue* queue, void* tag) override;
  void Serve(std::unique_ptr<services::QueuedCall> call) override;

 private:
  MessageHandler& handler_;
  Authenticator& authenticator_;
  ReceiveHub& hub_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_MESSAGE_RPC_H_

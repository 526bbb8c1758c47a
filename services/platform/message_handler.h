// MessageService's sends; receiving is receive_session.h.
#ifndef FRANK_SERVICES_PLATFORM_MESSAGE_HANDLER_H_
#define FRANK_SERVICES_PLATFORM_MESSAGE_HANDLER_H_

#include "frank/v1/message.pb.h"
#include "services/common/call.h"
#include "services/platform/authenticator.h"
#include "services/platform/relay.h"

namespace frank::platform {

// Thread-safe; what it is made of outlives it and every call.
class MessageHandler {
 public:
  MessageHandler(Authenticator& authenticator, Relay& relay)
      : authenticator_(authenticator), relay_(relay) {}

  void Send(const services::Call& call, const v1::SendRequest& request,
            services::Done<v1::SendResponse> done);
  // Messages of one room are decided in the order of the request.
  void SendBatch(const services::Call& call,
                 const v1::SendBatchRequest& request,
                 services::Done<v1::SendBatchResponse> done);

 private:
  Authenticator& authenticator_;
  Relay& relay_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_MESSAGE_HANDLER_H_

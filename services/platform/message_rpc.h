// MessageService over gRPC.
#ifndef FRANK_SERVICES_PLATFORM_MESSAGE_RPC_H_
#define FRANK_SERVICES_PLATFORM_MESSAGE_RPC_H_

#include <memory>

#include "services/common/rpc_service.h"
#include "services/platform/authenticator.h"
#include "services/platform/message_handler.h"
#include "services/platform/receive_hub.h"

namespace frank::platform {

// All outlive the service.
std::unique_ptr<services::RpcService> MakeMessageService(
    MessageHandler& handler, Authenticator& authenticator, ReceiveHub& hub);

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_MESSAGE_RPC_H_

// FrankingService on the wire.
#ifndef FRANK_SERVICES_PLATFORM_FRANKING_RPC_H_
#define FRANK_SERVICES_PLATFORM_FRANKING_RPC_H_

#include "frank/v1/franking.grpc.pb.h"
#include "services/platform/franking_handler.h"

namespace frank::platform {

class FrankingRpc final : public v1::FrankingService::CallbackService {
 public:
  explicit FrankingRpc(FrankingHandler& handler) : handler_(handler) {}

  grpc::ServerUnaryReactor* Stamp(grpc::CallbackServerContext* context,
                                  const v1::StampRequest* request,
                                  v1::StampResponse* response) override;
  grpc::ServerUnaryReactor* StampBatch(
      grpc::CallbackServerContext* context,
      const v1::StampBatchRequest* request,
      v1::StampBatchResponse* response) override;
  grpc::ServerBidiReactor<v1::StampBatchRequest, v1::StampBatchResponse>*
  StampStream(grpc::CallbackServerContext* context) override;

 private:
  FrankingHandler& handler_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_FRANKING_RPC_H_

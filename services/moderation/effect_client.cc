#include "services/moderation/effect_client.h"

#include <chrono>

#include "frank/v1/enforcement.grpc.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "services/common/status_mapping.h"

namespace frank::moderation {
namespace {

constexpr std::chrono::seconds kPatience{20};

class GrpcEffectClient final : public EffectClient {
 public:
  explicit GrpcEffectClient(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(v1::EnforcementService::NewStub(channel)) {}

  absl::Status Apply(const v1::ApplyRequest& request) override {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kPatience);
    v1::ApplyResponse response;
    return services::FromGrpc(stub_->Apply(&context, request, &response));
  }

 private:
  const std::unique_ptr<v1::EnforcementService::Stub> stub_;
};

}  // namespace

std::unique_ptr<EffectClient> MakeEffectClient(
    const std::shared_ptr<grpc::Channel>& channel) {
  return std::make_unique<GrpcEffectClient>(channel);
}

}  // namespace frank::moderation

#include "services/moderation/audit_rpc.h"

#include <utility>

#include "frank/v1/audit.grpc.pb.h"
#include "services/common/stream.h"

namespace frank::moderation {
namespace {

using services::Call;
using services::ServeUnary;

class ExportStream final
    : public services::ResponseStream<v1::ExportEntriesResponse> {
 public:
  explicit ExportStream(absl::StatusOr<AuditExport> entries)
      : entries_(std::move(entries)) {}

 protected:
  void OnReady() override {
    if (!entries_.ok()) return Close(entries_.status());
    auto next = entries_->Next();
    if (!next.ok()) return Close(next.status());
    if (!next->has_value()) return Close(absl::OkStatus());
    Send(**std::move(next));
  }

 private:
  absl::StatusOr<AuditExport> entries_;
};

class AuditRpc final : public v1::AuditService::CallbackService {
 public:
  explicit AuditRpc(AuditHandler& handler) : handler_(handler) {}

  grpc::ServerUnaryReactor* GetCheckpoint(
      grpc::CallbackServerContext* context,
      const v1::GetCheckpointRequest* request,
      v1::GetCheckpointResponse* response) override {
    return ServeUnary(context, request, response, [this](auto&&... args) {
      handler_.GetCheckpoint(std::forward<decltype(args)>(args)...);
    });
  }
  grpc::ServerUnaryReactor* GetInclusionProof(
      grpc::CallbackServerContext* context,
      const v1::GetInclusionProofRequest* request,
      v1::GetInclusionProofResponse* response) override {
    return ServeUnary(context, request, response, [this](auto&&... args) {
      handler_.GetInclusionProof(std::forward<decltype(args)>(args)...);
    });
  }
  grpc::ServerUnaryReactor* GetConsistencyProof(
      grpc::CallbackServerContext* context,
      const v1::GetConsistencyProofRequest* request,
      v1::GetConsistencyProofResponse* response) override {
    return ServeUnary(context, request, response, [this](auto&&... args) {
      handler_.GetConsistencyProof(std::forward<decltype(args)>(args)...);
    });
  }
  grpc::ServerWriteReactor<v1::ExportEntriesResponse>* ExportEntries(
      grpc::CallbackServerContext* context,
      const v1::ExportEntriesRequest* request) override {
    return ExportStream::Serve(
        context, std::make_shared<ExportStream>(
                     handler_.ExportEntries(Call::From(*context), *request)));
  }

 private:
  AuditHandler& handler_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeAuditService(AuditHandler& handler) {
  return std::make_unique<AuditRpc>(handler);
}

}  // namespace frank::moderation

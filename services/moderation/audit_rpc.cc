#include "services/moderation/audit_rpc.h"

#include <utility>

#include "frank/v1/audit.grpc.pb.h"
#include "services/common/stream.h"

namespace frank::moderation {
namespace {

using services::Call;
using services::RpcService;

class ExportStream final
    : public services::ResponseStream<v1::ExportEntriesRequest,
                                      v1::ExportEntriesResponse> {
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

}  // namespace

std::unique_ptr<RpcService> MakeAuditService(AuditHandler& handler) {
  auto service =
      std::make_unique<RpcService>(v1::AuditService::service_full_name());
  service->Unary("GetCheckpoint", handler, &AuditHandler::GetCheckpoint);
  service->Unary("GetInclusionProof", handler,
                 &AuditHandler::GetInclusionProof);
  service->Unary("GetConsistencyProof", handler,
                 &AuditHandler::GetConsistencyProof);
  service->Responses<v1::ExportEntriesRequest>(
      "ExportEntries",
      [&handler](const Call& call, const v1::ExportEntriesRequest& request) {
        return std::make_shared<ExportStream>(
            handler.ExportEntries(call, request));
      });
  return service;
}

}  // namespace frank::moderation

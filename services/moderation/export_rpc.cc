#include "services/moderation/export_rpc.h"

#include <algorithm>
#include <utility>

#include "core/limits.h"
#include "frank/v1/evidence.grpc.pb.h"
#include "proto/grpc/guarded_requests.h"
#include "services/common/stream.h"

namespace frank::moderation {
namespace {

using services::Call;
using services::ServeUnary;

// Makes a package and sends it, piece by piece as the client takes it.
class PackageStream final
    : public services::ResponseStream<v1::FetchExportResponse>,
      public std::enable_shared_from_this<PackageStream> {
 public:
  PackageStream(ExportHandler& handler, Call call,
                const v1::FetchExportRequest& request)
      : handler_(handler), call_(std::move(call)), request_(request) {}

 protected:
  // First to begin with, then when a piece has gone out.
  void OnReady() override {
    if (package_ != nullptr) return SendNext();
    std::weak_ptr<PackageStream> weak = weak_from_this();
    if (absl::Status refused = wire::RefusalOf(request_); !refused.ok()) {
      return Close(std::move(refused));
    }
    handler_.FetchExport(
        call_, request_,
        [weak](absl::StatusOr<std::shared_ptr<const Package>> package) {
          auto open = weak.lock();
          if (open == nullptr) return;
          if (!package.ok()) return open->Close(package.status());
          open->package_ = *std::move(package);
          open->SendNext();
        });
  }

 private:
  void SendNext() {
    const Bytes& bytes = package_->bytes;
    if (sent_ == bytes.size()) return Close(absl::OkStatus());
    v1::FetchExportResponse response;
    if (sent_ == 0) {
      response.set_package_sha256(ToString(package_->sha256));
      response.set_package_size(bytes.size());
    }
    ByteSpan piece = ByteSpan(bytes).subspan(sent_, limits::kPackagePieceBytes);
    response.set_piece(ToString(piece));
    sent_ += piece.size();
    Send(std::move(response));
  }

  ExportHandler& handler_;
  const Call call_;
  const v1::FetchExportRequest request_;
  std::shared_ptr<const Package> package_;
  size_t sent_ = 0;
};

class EvidenceRpc final : public v1::EvidenceService::CallbackService {
 public:
  explicit EvidenceRpc(ExportHandler& handler) : handler_(handler) {}

  grpc::ServerUnaryReactor* RequestExport(
      grpc::CallbackServerContext* context,
      const v1::RequestExportRequest* request,
      v1::RequestExportResponse* response) override {
    return ServeUnary(context, request, response, [this](auto&&... args) {
      handler_.RequestExport(std::forward<decltype(args)>(args)...);
    });
  }
  grpc::ServerUnaryReactor* ReleaseExport(
      grpc::CallbackServerContext* context,
      const v1::ReleaseExportRequest* request,
      v1::ReleaseExportResponse* response) override {
    return ServeUnary(context, request, response, [this](auto&&... args) {
      handler_.ReleaseExport(std::forward<decltype(args)>(args)...);
    });
  }
  grpc::ServerUnaryReactor* CancelExport(
      grpc::CallbackServerContext* context,
      const v1::CancelExportRequest* request,
      v1::CancelExportResponse* response) override {
    return ServeUnary(context, request, response, [this](auto&&... args) {
      handler_.CancelExport(std::forward<decltype(args)>(args)...);
    });
  }
  grpc::ServerUnaryReactor* ListExports(
      grpc::CallbackServerContext* context,
      const v1::ListExportsRequest* request,
      v1::ListExportsResponse* response) override {
    return ServeUnary(context, request, response, [this](auto&&... args) {
      handler_.ListExports(std::forward<decltype(args)>(args)...);
    });
  }
  grpc::ServerWriteReactor<v1::FetchExportResponse>* FetchExport(
      grpc::CallbackServerContext* context,
      const v1::FetchExportRequest* request) override {
    return PackageStream::Serve(
        context, std::make_shared<PackageStream>(handler_, Call::From(*context),
                                                 *request));
  }

 private:
  ExportHandler& handler_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeEvidenceService(ExportHandler& handler) {
  return std::make_unique<EvidenceRpc>(handler);
}

}  // namespace frank::moderation

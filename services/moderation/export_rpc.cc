#include "services/moderation/export_rpc.h"

#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/limits.h"
#include "core/status.h"
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
  PackageStream(ExportHandler& handler, const Clock& clock, Call call,
                const v1::FetchExportRequest& request)
      : handler_(handler),
        clock_(clock),
        call_(std::move(call)),
        request_(request) {}

 protected:
  // First to begin with, then when a piece has gone out.
  void OnReady() override {
    if (std::exchange(asked_, true)) return SendNext();
    std::weak_ptr<PackageStream> weak = weak_from_this();
    if (absl::Status refused = wire::RefusalOf(request_); !refused.ok()) {
      return Close(std::move(refused));
    }
    handler_.FetchExport(
        call_, request_,
        [weak](absl::StatusOr<std::shared_ptr<HeldPackage>> held) {
          auto open = weak.lock();
          if (open == nullptr) return;
          if (!held.ok()) return open->Close(held.status());
          open->Begin(*std::move(held));
        });
  }

 private:
  void Begin(std::shared_ptr<HeldPackage> held) ABSL_LOCKS_EXCLUDED(mutex_) {
    {
      absl::MutexLock lock(&mutex_);
      held_ = held;
    }
    held->Begin(clock_.Now(), [weak = weak_from_this()] {
      if (auto open = weak.lock()) open->GiveUp();
    });
    SendNext();
  }

  void SendNext() ABSL_LOCKS_EXCLUDED(mutex_) {
    v1::FetchExportResponse response;
    {
      absl::MutexLock lock(&mutex_);
      if (held_ == nullptr) return;
      const Package& package = held_->package;
      held_->Took(std::exchange(under_way_, 0));
      if (sent_ < package.bytes.size()) {
        if (sent_ == 0) {
          response.set_package_sha256(ToString(package.sha256));
          response.set_package_size(package.bytes.size());
        }
        ByteSpan piece =
            ByteSpan(package.bytes).subspan(sent_, limits::kPackagePieceBytes);
        response.set_piece(ToString(piece));
        under_way_ = piece.size();
        sent_ += piece.size();
      }
    }
    if (response.piece().empty()) return Close(absl::OkStatus());
    Send(std::move(response));
  }

  // The client hears of it once it takes what is on its way; until then no more
  // is held than that.
  void GiveUp() ABSL_LOCKS_EXCLUDED(mutex_) {
    std::shared_ptr<HeldPackage> held;
    {
      absl::MutexLock lock(&mutex_);
      held = std::move(held_);
    }
    Close(WithReason(absl::AbortedError("the package was taken too slowly"),
                     "FETCH_TOO_SLOW"));
  }

  ExportHandler& handler_;
  const Clock& clock_;
  const Call call_;
  const v1::FetchExportRequest request_;
  // Calls of OnReady follow one another.
  bool asked_ = false;
  absl::Mutex mutex_;
  // Null until it is made, and once it was given up.
  std::shared_ptr<HeldPackage> held_ ABSL_GUARDED_BY(mutex_);
  size_t sent_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t under_way_ ABSL_GUARDED_BY(mutex_) = 0;
};

class EvidenceRpc final : public v1::EvidenceService::CallbackService {
 public:
  EvidenceRpc(ExportHandler& handler, const Clock& clock)
      : handler_(handler), clock_(clock) {}

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
        context, std::make_shared<PackageStream>(
                     handler_, clock_, Call::From(*context), *request));
  }

 private:
  ExportHandler& handler_;
  const Clock& clock_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeEvidenceService(ExportHandler& handler,
                                                   const Clock& clock) {
  return std::make_unique<EvidenceRpc>(handler, clock);
}

}  // namespace frank::moderation

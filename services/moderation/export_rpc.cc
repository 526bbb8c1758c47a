#include "services/moderation/export_rpc.h"

#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/limits.h"
#include "core/status.h"
#include "frank/v1/evidence.grpc.pb.h"
#include "services/common/stream.h"

namespace frank::moderation {
namespace {

using services::Call;
using services::RpcService;

// Makes a package and sends it, piece by piece as the client takes it.
class PackageStream final
    : public services::ResponseStream<v1::FetchExportRequest,
                                      v1::FetchExportResponse>,
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

}  // namespace

std::unique_ptr<RpcService> MakeEvidenceService(ExportHandler& handler,
                                                const Clock& clock) {
  auto service =
      std::make_unique<RpcService>(v1::EvidenceService::service_full_name());
  service->Unary("RequestExport", handler, &ExportHandler::RequestExport);
  service->Unary("ReleaseExport", handler, &ExportHandler::ReleaseExport);
  service->Unary("CancelExport", handler, &ExportHandler::CancelExport);
  service->Unary("ListExports", handler, &ExportHandler::ListExports);
  service->Responses<v1::FetchExportRequest>(
      "FetchExport", [&handler, &clock](const Call& call,
                                        const v1::FetchExportRequest& request) {
        return std::make_shared<PackageStream>(handler, clock, call, request);
      });
  return service;
}

}  // namespace frank::moderation

#include "services/platform/file_rpc.h"

#include <utility>

#include "frank/v1/file.grpc.pb.h"
#include "services/common/stream.h"

namespace frank::platform {
namespace {

using services::Call;
using services::RpcService;

class UploadStream final
    : public services::RequestStream<v1::UploadFileRequest,
                                     v1::UploadFileResponse> {
 public:
  explicit UploadStream(absl::StatusOr<std::shared_ptr<FileUpload>> upload)
      : upload_(std::move(upload)) {}

 protected:
  void OnRequest(const v1::UploadFileRequest& request) override {
    if (!upload_.ok()) return Close(upload_.status());
    (*upload_)->Take(request,
                     [this, self = shared_from_this()](absl::Status status) {
                       if (!status.ok()) return Close(std::move(status));
                       ReadNext();
                     });
  }

  void OnRequestsEnd() override {
    if (!upload_.ok()) return Close(upload_.status());
    (*upload_)->End([this, self = shared_from_this()](
                        absl::StatusOr<v1::UploadFileResponse> result) {
      Close(std::move(result));
    });
  }

 private:
  const absl::StatusOr<std::shared_ptr<FileUpload>> upload_;
};

class DownloadStream final
    : public services::ResponseStream<v1::DownloadFileRequest,
                                      v1::DownloadFileResponse> {
 public:
  explicit DownloadStream(absl::StatusOr<FileDownload> download)
      : download_(std::move(download)) {}

 protected:
  void OnReady() override {
    if (!download_.ok()) return Close(download_.status());
    auto chunk = download_->Next();
    if (!chunk.ok()) return Close(chunk.status());
    if (!chunk->has_value()) return Close(absl::OkStatus());
    Send(**std::move(chunk));
  }

 private:
  absl::StatusOr<FileDownload> download_;
};

}  // namespace

std::unique_ptr<RpcService> MakeFileService(FileHandler& handler) {
  auto service =
      std::make_unique<RpcService>(v1::FileService::service_full_name());
  service->Streaming(
      "UploadFile",
      [&handler](const Call& call) {
        return std::make_shared<UploadStream>(handler.Upload(call));
      },
      services::Queue::kQuiet);
  service->Unary("StatFile", handler, &FileHandler::Stat);
  service->Responses<v1::DownloadFileRequest>(
      "DownloadFile",
      [&handler](const Call& call, const v1::DownloadFileRequest& request) {
        return std::make_shared<DownloadStream>(
            handler.Download(call, request));
      });
  return service;
}

}  // namespace frank::platform

#include "services/platform/file_rpc.h"

#include <memory>
#include <utility>

#include "services/common/stream.h"

namespace frank::platform {
namespace {

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
    : public services::ResponseStream<v1::DownloadFileResponse> {
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

grpc::ServerReadReactor<v1::UploadFileRequest>* FileRpc::UploadFile(
    grpc::CallbackServerContext* context, v1::UploadFileResponse* response) {
  return UploadStream::Serve(context,
                             std::make_shared<UploadStream>(handler_.Upload(
                                 services::Call::From(*context))),
                             response);
}

grpc::ServerUnaryReactor* FileRpc::StatFile(
    grpc::CallbackServerContext* context, const v1::StatFileRequest* request,
    v1::StatFileResponse* response) {
  return services::ServeUnary(
      context, request, response, [this](auto&&... args) {
        handler_.Stat(std::forward<decltype(args)>(args)...);
      });
}

grpc::ServerWriteReactor<v1::DownloadFileResponse>* FileRpc::DownloadFile(
    grpc::CallbackServerContext* context,
    const v1::DownloadFileRequest* request) {
  return DownloadStream::Serve(
      context, std::make_shared<DownloadStream>(handler_.Download(
                   services::Call::From(*context), *request)));
}

}  // namespace frank::platform

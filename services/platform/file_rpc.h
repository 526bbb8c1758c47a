// FileService over gRPC.
#ifndef FRANK_SERVICES_PLATFORM_FILE_RPC_H_
#define FRANK_SERVICES_PLATFORM_FILE_RPC_H_

#include "frank/v1/file.grpc.pb.h"
#include "services/platform/file_handler.h"

namespace frank::platform {

class FileRpc final : public v1::FileService::CallbackService {
 public:
  // The handler outlives the service.
  explicit FileRpc(FileHandler& handler) : handler_(handler) {}

  grpc::ServerReadReactor<v1::UploadFileRequest>* UploadFile(
      grpc::CallbackServerContext* context,
      v1::UploadFileResponse* response) override;
  grpc::ServerUnaryReactor* StatFile(grpc::CallbackServerContext* context,
                                     const v1::StatFileRequest* request,
                                     v1::StatFileResponse* response) override;
  grpc::ServerWriteReactor<v1::DownloadFileResponse>* DownloadFile(
      grpc::CallbackServerContext* context,
      const v1::DownloadFileRequest* request) override;

 private:
  FileHandler& handler_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_FILE_RPC_H_

// FileService: encrypted files in chunks.
#ifndef FRANK_SERVICES_PLATFORM_FILE_HANDLER_H_
#define FRANK_SERVICES_PLATFORM_FILE_HANDLER_H_

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/v1/file.pb.h"
#include "services/common/call.h"
#include "services/platform/authenticator.h"
#include "services/platform/file_upload.h"
#include "storage/engine.h"

namespace frank::platform {

// The chunks of one DownloadFile stream, read when the client has room.
class FileDownload {
 public:
  FileDownload(storage::Engine& engine, const FrankingTag& tag, uint32_t first,
               uint32_t end)
      : engine_(engine), tag_(tag), next_(first), end_(end) {}

  // Returns the next chunk; nullopt after the last. kNotFound when the file
  // was removed meanwhile.
  absl::StatusOr<absl::optional<v1::DownloadFileResponse>> Next();

 private:
  storage::Engine& engine_;
  const FrankingTag tag_;
  uint32_t next_;
  const uint32_t end_;
};

// Thread-safe; what the dependencies point to outlives it and every call.
class FileHandler {
 public:
  struct Dependencies {
    storage::Engine& engine;
    const Clock& clock;
    Authenticator& authenticator;
    // Of one account, in bytes of ciphertext.
    uint64_t quota_bytes;
  };
  explicit FileHandler(Dependencies dependencies) : d_(dependencies) {}

  absl::StatusOr<std::shared_ptr<FileUpload>> Upload(
      const services::Call& call);
  // kNotFound, NOT_FOUND, for a file that is not there or was removed.
  void Stat(const services::Call& call, const v1::StatFileRequest& request,
            services::Done<v1::StatFileResponse> done);
  // kNotFound also when a chunk of the range has not been uploaded.
  absl::StatusOr<FileDownload> Download(const services::Call& call,
                                        const v1::DownloadFileRequest& request);

 private:
  Dependencies d_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_FILE_HANDLER_H_

// Checks of FileService's requests that need no store. kInvalidArgument names
// the field and the rule.
#ifndef FRANK_SERVICES_PLATFORM_VALIDATE_FILE_H_
#define FRANK_SERVICES_PLATFORM_VALIDATE_FILE_H_

#include "absl/status/status.h"
#include "frank/v1/file.pb.h"

namespace frank::platform {

absl::Status Validate(const v1::UploadFileRequest::Start& start);
// Checks a chunk of the file that `start` announced.
absl::Status Validate(const v1::UploadFileRequest::Chunk& chunk,
                      uint32_t expected_index,
                      const v1::UploadFileRequest::Start& start);
absl::Status Validate(const v1::StatFileRequest& request);
absl::Status Validate(const v1::DownloadFileRequest& request);

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_VALIDATE_FILE_H_

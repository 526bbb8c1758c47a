// One UploadFile stream, without gRPC.
#ifndef FRANK_SERVICES_PLATFORM_FILE_UPLOAD_H_
#define FRANK_SERVICES_PLATFORM_FILE_UPLOAD_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/v1/file.pb.h"
#include "services/common/call.h"
#include "storage/engine.h"

namespace frank::platform {

// Takes requests one after the other: each must be answered before the next is
// given. Chunks are stored several to a transaction, so that neither a
// transaction nor what is held of a client grows with the file.
class FileUpload : public std::enable_shared_from_this<FileUpload> {
 public:
  using Next = absl::AnyInvocable<void(absl::Status)>;

  // Engine and clock outlive the upload.
  FileUpload(storage::Engine& engine, const Clock& clock, std::string owner_uri,
             uint64_t quota_bytes);

  // Calls `next` when the next request may come, or with why the upload ends:
  //   kInvalidArgument   field and rule;
  //   kAlreadyExists     ID_CONFLICT: the tag is another account's file, or was
  //                      announced with other sizes;
  //   kResourceExhausted QUOTA_EXCEEDED;
  //   kPermissionDenied  NOT_PERMITTED: the account is suspended;
  //   kAborted           another upload of the same file was faster;
  //   kUnavailable       a file of this tag is just being removed.
  void Take(const v1::UploadFileRequest& request, Next next);

  // Answers when no more requests come. kInvalidArgument if chunks are missing;
  // those that came are kept, for the upload to go on.
  void End(services::Done<v1::UploadFileResponse> done);

 private:
  absl::Status Begin(storage::Transaction& transaction);
  absl::Status StorePiece(storage::Transaction& transaction);
  void Flush(Next next);
  uint32_t expected() const {
    return stored_ + static_cast<uint32_t>(piece_.size());
  }

  storage::Engine& engine_;
  const Clock& clock_;
  const std::string owner_uri_;
  const uint64_t quota_bytes_;

  bool started_ = false;
  v1::UploadFileRequest::Start start_;
  FrankingTag tag_;
  UnixMillis expires_at_ = 0;
  // Chunks below it are durable; `piece_` follows.
  uint32_t stored_ = 0;
  std::vector<std::string> piece_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_FILE_UPLOAD_H_

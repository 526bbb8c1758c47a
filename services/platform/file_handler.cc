#include "services/platform/file_handler.h"

#include <string>
#include <utility>

#include "core/status.h"
#include "services/platform/transact.h"
#include "services/platform/validate_file.h"
#include "storage/file_store.h"

namespace frank::platform {
namespace {

absl::Status NotFound() {
  return WithReason(absl::NotFoundError("there is no such file or chunk"),
                    "NOT_FOUND");
}

absl::StatusOr<storage::v1::FileRecord> GetFile(storage::Engine& engine,
                                                const Clock& clock,
                                                const FrankingTag& tag) {
  FRANK_ASSIGN_OR_RETURN(auto file, storage::FindFile(engine, tag));
  if (!file || file->expires_at() <= clock.Now()) return NotFound();
  return *std::move(file);
}

}  // namespace

absl::StatusOr<absl::optional<v1::DownloadFileResponse>> FileDownload::Next() {
  if (next_ == end_) return absl::optional<v1::DownloadFileResponse>();
  FRANK_ASSIGN_OR_RETURN(absl::optional<std::string> chunk,
                         storage::FindChunk(engine_, tag_, next_));
  if (!chunk) return NotFound();
  v1::DownloadFileResponse response;
  response.set_index(next_++);
  response.set_ciphertext(*std::move(chunk));
  return absl::make_optional(std::move(response));
}

absl::StatusOr<std::shared_ptr<FileUpload>> FileHandler::Upload(
    const services::Call& call) {
  FRANK_ASSIGN_OR_RETURN(Device caller,
                         d_.authenticator.AuthenticateDevice(call));
  return std::make_shared<FileUpload>(
      d_.engine, d_.clock, std::move(caller.account_uri), d_.quota_bytes);
}

void FileHandler::Stat(const services::Call& call,
                       const v1::StatFileRequest& request,
                       services::Done<v1::StatFileResponse> done) {
  FRANK_ANSWER_IF_ERROR(done, Validate(request));
  FRANK_ANSWER_IF_ERROR(done,
                        d_.authenticator.AuthenticateDevice(call).status());
  FrankingTag tag(ToArray<FrankingTag::kSize>(AsBytes(request.file_tag())));
  absl::StatusOr<storage::v1::FileRecord> file =
      GetFile(d_.engine, d_.clock, tag);
  FRANK_ANSWER_IF_ERROR(done, file.status());
  v1::StatFileResponse response;
  response.set_chunk_count(file->chunk_count());
  response.set_next_chunk(file->next_chunk());
  response.set_expires_at(file->expires_at());
  done(std::move(response));
}

absl::StatusOr<FileDownload> FileHandler::Download(
    const services::Call& call, const v1::DownloadFileRequest& request) {
  FRANK_RETURN_IF_ERROR(Validate(request));
  FRANK_RETURN_IF_ERROR(d_.authenticator.AuthenticateDevice(call).status());
  FrankingTag tag(ToArray<FrankingTag::kSize>(AsBytes(request.file_tag())));
  FRANK_ASSIGN_OR_RETURN(storage::v1::FileRecord file,
                         GetFile(d_.engine, d_.clock, tag));
  if (request.first_chunk() >= file.chunk_count()) {
    return FieldError("first_chunk", "must be below the file's chunk_count");
  }
  uint32_t rest = file.chunk_count() - request.first_chunk();
  uint32_t count = request.chunk_count() == 0 ? rest : request.chunk_count();
  if (count > rest) {
    return FieldError("chunk_count", "must not lead past the file's end");
  }
  uint32_t end = request.first_chunk() + count;
  if (end > file.next_chunk()) return NotFound();
  return FileDownload(d_.engine, tag, request.first_chunk(), end);
}

}  // namespace frank::platform

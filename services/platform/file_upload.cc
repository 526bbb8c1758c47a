#include "services/platform/file_upload.h"

#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "services/platform/admission.h"
#include "services/platform/validate_file.h"
#include "storage/file_store.h"

namespace frank::platform {

using storage::Transaction;

FileUpload::FileUpload(storage::Engine& engine, const Clock& clock,
                       std::string owner_uri, uint64_t quota_bytes)
    : engine_(engine),
      clock_(clock),
      owner_uri_(std::move(owner_uri)),
      quota_bytes_(quota_bytes) {}

void FileUpload::Take(const v1::UploadFileRequest& request, Next next) {
  if (request.has_start() == started_ ||
      request.kind_case() == v1::UploadFileRequest::KIND_NOT_SET) {
    return next(FieldError("kind", started_
                                       ? "must be chunk after the first request"
                                       : "must be start in the first request"));
  }
  if (request.has_chunk()) {
    absl::Status valid = Validate(request.chunk(), expected(), start_);
    if (!valid.ok()) return next(std::move(valid));
    piece_.push_back(request.chunk().ciphertext());
    if (piece_.size() < limits::kUploadPieceChunks) return next(valid);
    return Flush(std::move(next));
  }
  if (absl::Status valid = Validate(request.start()); !valid.ok()) {
    return next(std::move(valid));
  }
  started_ = true;
  start_ = request.start();
  tag_ = FrankingTag(ToArray<FrankingTag::kSize>(AsBytes(start_.file_tag())));
  storage::RunTransaction(
      engine_,
      [self = shared_from_this()](Transaction& transaction) {
        return self->Begin(transaction);
      },
      std::move(next));
}

absl::Status FileUpload::Begin(Transaction& transaction) {
  UnixMillis now = clock_.Now();
  FRANK_RETURN_IF_ERROR(RefuseSuspended(transaction, owner_uri_, now));
  FRANK_ASSIGN_OR_RETURN(auto file, storage::FindFile(transaction, tag_));
  if (!file) {
    FRANK_ASSIGN_OR_RETURN(uint64_t used,
                           storage::GetFileUsage(transaction, owner_uri_));
    uint64_t usage = used + start_.ciphertext_bytes();
    if (usage > quota_bytes_) {
      return WithReason(absl::ResourceExhaustedError(
                            "the account's quota of files is used up"),
                        "QUOTA_EXCEEDED");
    }
    file.emplace();
    file->set_owner_uri(owner_uri_);
    file->set_chunk_count(start_.chunk_count());
    file->set_ciphertext_bytes(start_.ciphertext_bytes());
    file->set_expires_at(now + limits::kFileRetention);
    storage::AddFile(transaction, tag_, *file, usage);
  } else if (file->owner_uri() != owner_uri_ ||
             file->chunk_count() != start_.chunk_count() ||
             file->ciphertext_bytes() != start_.ciphertext_bytes()) {
    return WithReason(
        absl::AlreadyExistsError("the file came before with other content"),
        "ID_CONFLICT");
  } else if (file->expires_at() <= now) {
    return WithReason(absl::UnavailableError("the file is being removed"),
                      "UNAVAILABLE");
  }
  stored_ = file->next_chunk();
  expires_at_ = file->expires_at();
  return absl::OkStatus();
}

void FileUpload::Flush(Next next) {
  storage::RunTransaction(
      engine_,
      [self = shared_from_this()](Transaction& transaction) {
        return self->StorePiece(transaction);
      },
      [self = shared_from_this(),
       next = std::move(next)](absl::Status status) mutable {
        if (status.ok()) {
          self->stored_ = self->expected();
          self->piece_.clear();
        }
        next(std::move(status));
      });
}

absl::Status FileUpload::StorePiece(Transaction& transaction) {
  FRANK_ASSIGN_OR_RETURN(auto file, storage::FindFile(transaction, tag_));
  if (!file || file->next_chunk() != stored_) {
    return WithReason(
        absl::AbortedError("another upload of the file was faster"),
        "CONTENTION");
  }
  uint64_t bytes = file->stored_bytes();
  for (size_t i = 0; i < piece_.size(); ++i) {
    storage::PutChunk(transaction, tag_, stored_ + static_cast<uint32_t>(i),
                      piece_[i]);
    bytes += piece_[i].size();
  }
  file->set_next_chunk(expected());
  file->set_stored_bytes(bytes);
  storage::PutFile(transaction, tag_, *file);
  return absl::OkStatus();
}

void FileUpload::End(services::Done<v1::UploadFileResponse> done) {
  if (!started_) return done(FieldError("kind", "must be start"));
  Flush([self = shared_from_this(),
         done = std::move(done)](absl::Status status) mutable {
    if (!status.ok()) return done(std::move(status));
    if (self->stored_ < self->start_.chunk_count()) {
      return done(FieldError("chunk", "must come for every index"));
    }
    v1::UploadFileResponse response;
    response.set_expires_at(self->expires_at_);
    done(std::move(response));
  });
}

}  // namespace frank::platform

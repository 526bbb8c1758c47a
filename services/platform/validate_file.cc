#include "services/platform/validate_file.h"

#include "absl/strings/str_cat.h"
#include "core/ids.h"
#include "core/limits.h"
#include "core/status.h"

namespace frank::platform {
namespace {

constexpr uint64_t kFullChunk = limits::kMaxChunkCiphertextBytes;
constexpr uint64_t kLeastChunk = 16;

}  // namespace

absl::Status Validate(const v1::UploadFileRequest::Start& start) {
  FRANK_RETURN_IF_ERROR(
      FrankingTag::Parse("start.file_tag", start.file_tag()).status());
  if (start.chunk_count() < 1 || start.chunk_count() > limits::kMaxParts) {
    return FieldError("start.chunk_count",
                      absl::StrCat("must be 1 to ", limits::kMaxParts));
  }
  uint64_t before_last = (start.chunk_count() - 1) * kFullChunk;
  if (start.ciphertext_bytes() < before_last + kLeastChunk ||
      start.ciphertext_bytes() > before_last + kFullChunk) {
    return FieldError("start.ciphertext_bytes",
                      "must be the sum of the chunks' sizes");
  }
  return absl::OkStatus();
}

absl::Status Validate(const v1::UploadFileRequest::Chunk& chunk,
                      uint32_t expected_index,
                      const v1::UploadFileRequest::Start& start) {
  if (expected_index >= start.chunk_count()) {
    return FieldError("chunk.index", "must be below chunk_count");
  }
  if (chunk.index() != expected_index) {
    return FieldError("chunk.index", "must be that of the next chunk");
  }
  bool last = expected_index + 1 == start.chunk_count();
  uint64_t size = last ? start.ciphertext_bytes() - expected_index * kFullChunk
                       : kFullChunk;
  if (chunk.ciphertext().size() != size) {
    return FieldError("chunk.ciphertext",
                      last ? "must end where ciphertext_bytes says"
                           : "must be 65552 bytes but in the last chunk");
  }
  return absl::OkStatus();
}

absl::Status Validate(const v1::StatFileRequest& request) {
  return FrankingTag::Parse("file_tag", request.file_tag()).status();
}

absl::Status Validate(const v1::DownloadFileRequest& request) {
  return FrankingTag::Parse("file_tag", request.file_tag()).status();
}

}  // namespace frank::platform

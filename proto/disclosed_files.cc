#include "proto/disclosed_files.h"

#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/file.h"
#include "proto/wire.h"

namespace frank::wire {
namespace {

using Message = v1::ReportContent::ReportedMessage;
using FileChunks = v1::ReportContent::FileChunks;

// Lengths by file_tag. A sender may announce one tag with several; the tag
// binds the chunks, so the one that fits them is the file's, and the others
// must not stand in the way of a report.
using Announced = std::map<FrankingTag, std::set<uint64_t>>;

void Announce(ByteSpan part, Announced* announced) {
  // Another part, or one that breaks the rules of a file part: announces
  // nothing.
  absl::StatusOr<crypto::FilePart> file = crypto::ParseFilePart(part);
  if (file.ok()) (*announced)[file->file_tag].insert(file->length);
}

Announced AnnouncedFiles(const Message& message) {
  Announced announced;
  for (const std::string& part : message.parts().part()) {
    Announce(AsBytes(part), &announced);
  }
  for (const auto& part : message.some_parts().part()) {
    Announce(AsBytes(part.part()), &announced);
  }
  return announced;
}

// Whether an announced length has as many chunks, and a last one of
// `last_bytes` where that is known.
bool Fits(const std::set<uint64_t>& lengths, uint32_t count,
          absl::optional<size_t> last_bytes) {
  for (uint64_t length : lengths) {
    absl::StatusOr<uint32_t> announced = crypto::ChunkCount(length);
    if (!announced.ok() || *announced != count) continue;
    if (!last_bytes || crypto::ChunkLength(length, count - 1) == *last_bytes) {
      return true;
    }
  }
  return false;
}

absl::Status CheckChunks(const FileChunks& file,
                         const std::set<uint64_t>& lengths) {
  FRANK_RETURN_IF_ERROR(crypto::CheckOpening(ViewOf(file.chunks())));
  uint32_t count = file.chunks().size();
  absl::optional<size_t> last_bytes;
  for (const auto& part : file.chunks().part()) {
    FRANK_ASSIGN_OR_RETURN(crypto::Part chunk,
                           crypto::ParsePart(AsBytes(part.part())));
    bool last = part.index() == count - 1;
    if (last) last_bytes = chunk.body.size();
    if (!chunk.media_type.empty() ||
        (!last && chunk.body.size() != limits::kChunkBytes)) {
      return FieldError("chunks.part", "must be a chunk of its length");
    }
  }
  if (Fits(lengths, count, last_bytes)) return absl::OkStatus();
  return FieldError("chunks", "must be those of the announced length");
}

}  // namespace

absl::Status CheckFiles(const Message& message) {
  if (message.file_size() == 0) return absl::OkStatus();
  Announced announced = AnnouncedFiles(message);
  std::set<FrankingTag> seen;
  for (int i = 0; i < message.file_size(); ++i) {
    const FileChunks& file = message.file(i);
    std::string field = absl::StrCat("file[", i, "]");
    FRANK_ASSIGN_OR_RETURN(FrankingTag tag,
                           FrankingTag::Parse("file_tag", file.file_tag()));
    auto found = announced.find(tag);
    if (found == announced.end()) {
      return FieldError(field, "must be announced by an opened part");
    }
    if (!seen.insert(tag).second) return FieldError(field, "must occur once");
    FRANK_RETURN_IF_ERROR(InField(field, CheckChunks(file, found->second)));
  }
  return absl::OkStatus();
}

absl::Status VerifyFiles(const Message& message) {
  for (const FileChunks& file : message.file()) {
    FRANK_ASSIGN_OR_RETURN(FrankingTag tag,
                           FrankingTag::Parse("file_tag", file.file_tag()));
    FRANK_RETURN_IF_ERROR(crypto::VerifyOpening(tag, ViewOf(file.chunks())));
  }
  return absl::OkStatus();
}

}  // namespace frank::wire

#include "services/moderation/disclosed_files.h"

#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "crypto/file.h"
#include "proto/wire.h"

namespace frank::moderation {
namespace {

using Message = v1::ReportContent::ReportedMessage;
using FileChunks = v1::ReportContent::FileChunks;

// Lengths by file_tag.
using Announced = std::map<FrankingTag, uint64_t>;

void Announce(ByteSpan part, Announced* announced) {
  // Another part, or one that breaks the rules of a file part: announces
  // nothing.
  absl::StatusOr<crypto::FilePart> file = crypto::ParseFilePart(part);
  if (file.ok()) announced->emplace(file->file_tag, file->length);
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

absl::Status CheckChunks(const FileChunks& file, uint64_t length) {
  FRANK_ASSIGN_OR_RETURN(uint32_t count, crypto::ChunkCount(length));
  if (file.chunks().size() != count) {
    return FieldError("chunks.size", "must be the announced file's");
  }
  FRANK_RETURN_IF_ERROR(crypto::CheckOpening(wire::ViewOf(file.chunks())));
  for (const auto& part : file.chunks().part()) {
    FRANK_ASSIGN_OR_RETURN(crypto::Part chunk,
                           crypto::ParsePart(AsBytes(part.part())));
    if (!chunk.media_type.empty() ||
        chunk.body.size() != crypto::ChunkLength(length, part.index())) {
      return FieldError("chunks.part", "must be a chunk of its length");
    }
  }
  return absl::OkStatus();
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
    FRANK_RETURN_IF_ERROR(
        crypto::VerifyOpening(tag, wire::ViewOf(file.chunks())));
  }
  return absl::OkStatus();
}

}  // namespace frank::moderation

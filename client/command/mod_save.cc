#include "client/command/mod_save.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "core/status.h"
#include "proto/files.h"

namespace frank::client {
namespace {

struct Extension {
  const char* media_type;
  const char* extension;
};
constexpr Extension kExtensions[] = {
    {"text/plain", ".txt"}, {"text/markdown", ".md"},
    {"image/jpeg", ".jpg"}, {"image/png", ".png"},
    {"image/gif", ".gif"},  {"image/webp", ".webp"},
    {"video/mp4", ".mp4"},  {"audio/ogg", ".ogg"},
    {"audio/mpeg", ".mp3"}, {"application/pdf", ".pdf"},
};

std::string ExtensionOf(const std::string& media_type) {
  const std::string type = media_type.substr(0, media_type.find(';'));
  for (const Extension& entry : kExtensions) {
    if (type == entry.media_type) return entry.extension;
  }
  return ".bin";
}

absl::Status MakeFolder(const std::string& folder) {
  if (mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      absl::StrCat(folder, ": ", std::strerror(errno)));
}

absl::Status Save(const std::string& path, const std::string& bytes,
                  std::vector<SavedFile>* saved) {
  FRANK_RETURN_IF_ERROR(wire::WriteFile(path, bytes, wire::FileMode::kSecret,
                                        /*replace=*/true));
  saved->push_back({path, bytes.size()});
  return absl::OkStatus();
}

// Whether the answer had no room for the bytes.
bool IsLeftOut(const v1::DisclosedPart& part) {
  return part.body().empty() && part.size() > 0;
}

absl::Status SaveFile(const std::string& stem, const v1::DisclosedFile& file,
                      std::vector<SavedFile>* saved) {
  const bool whole =
      static_cast<uint32_t>(file.chunk_size()) == file.chunk_count() &&
      std::none_of(file.chunk().begin(), file.chunk().end(), IsLeftOut);
  std::string contents;
  for (const v1::DisclosedPart& chunk : file.chunk()) {
    if (whole) {
      contents += chunk.body();
      continue;
    }
    if (IsLeftOut(chunk)) continue;
    FRANK_RETURN_IF_ERROR(Save(absl::StrCat(stem, "-chunk-", chunk.index()),
                               chunk.body(), saved));
  }
  if (!whole) return absl::OkStatus();
  if (contents.size() != file.size()) {
    return absl::DataLossError("the chunks do not add up to the file's size");
  }
  return Save(stem + ExtensionOf(file.media_type()), contents, saved);
}

}  // namespace

absl::StatusOr<std::vector<SavedFile>> SaveEvidence(
    const std::string& folder, const v1::Evidence& evidence,
    absl::string_view prefix) {
  FRANK_RETURN_IF_ERROR(MakeFolder(folder));
  std::vector<SavedFile> saved;
  // Whole, since the sender chooses what a tag begins with.
  const std::string tag =
      absl::StrCat(prefix, ToHex(AsBytes(evidence.franking_tag())));
  for (const v1::DisclosedPart& part : evidence.part()) {
    if (IsLeftOut(part)) continue;
    const std::string path =
        absl::StrCat(folder, "/", tag, "-part-", part.index(),
                     ExtensionOf(part.media_type()));
    FRANK_RETURN_IF_ERROR(Save(path, part.body(), &saved));
  }
  for (const v1::DisclosedFile& file : evidence.file()) {
    const std::string stem = absl::StrCat(folder, "/", tag, "-file-",
                                          ToHex(AsBytes(file.file_tag())));
    FRANK_RETURN_IF_ERROR(SaveFile(stem, file, &saved));
  }
  return saved;
}

}  // namespace frank::client

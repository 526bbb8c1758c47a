#include "services/web/static_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/bytes.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/hash.h"
#include "proto/files.h"

namespace frank::web {
namespace {

namespace fs = std::filesystem;

constexpr char kIndex[] = "/index.html";
constexpr absl::string_view kCompressed = ".gz";
constexpr absl::string_view kAssets = "/assets/";
constexpr size_t kTagBytes = 16;

struct MediaType {
  absl::string_view extension;
  const char* name;
};
constexpr MediaType kMediaTypes[] = {
    {".css", "text/css; charset=utf-8"},
    {".html", "text/html; charset=utf-8"},
    {".ico", "image/x-icon"},
    {".js", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".png", "image/png"},
    {".svg", "image/svg+xml"},
    {".txt", "text/plain; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
    {".webp", "image/webp"},
    {".woff2", "font/woff2"},
};

absl::string_view ExtensionOf(absl::string_view path) {
  absl::string_view name = path.substr(path.rfind('/') + 1);
  size_t dot = name.rfind('.');
  return dot == absl::string_view::npos ? absl::string_view()
                                        : name.substr(dot);
}

std::string MediaTypeOf(absl::string_view path) {
  for (const MediaType& type : kMediaTypes) {
    if (ExtensionOf(path) == type.extension) return type.name;
  }
  return "application/octet-stream";
}

// What stands in a target as it is.
bool IsPath(absl::string_view path) {
  return std::all_of(path.begin(), path.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::StrContains("/._-", c);
  });
}

// What the tool may show in the address bar: no extension, no "." or "..".
bool IsOwnPath(absl::string_view path) {
  return IsPath(path) && ExtensionOf(path).empty() &&
         !absl::StrContains(path, "/.");
}

absl::Status Bad(const std::string& path, absl::string_view what) {
  return absl::FailedPreconditionError(absl::StrCat(path, " ", what));
}

// Whether a list of codings, "gzip, br;q=0.5", takes gzip.
bool TakesGzip(absl::string_view codings) {
  for (absl::string_view coding : absl::StrSplit(codings, ',')) {
    std::vector<absl::string_view> parts = absl::StrSplit(coding, ';');
    if (!absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(parts[0]), "gzip")) {
      continue;
    }
    std::string weight =
        parts.size() > 1 ? absl::StrReplaceAll(parts[1], {{" ", ""}}) : "";
    return !absl::StartsWith(weight, "q=0") ||
           weight.find_first_of("123456789") != std::string::npos;
  }
  return false;
}

// Whether If-None-Match names the tag.
bool Names(absl::string_view header, const std::string& tag) {
  return header == "*" || absl::StrContains(header, tag);
}

// The paths of all files below a folder.
absl::StatusOr<std::vector<std::string>> ListFolder(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> paths;
  fs::recursive_directory_iterator files(folder, error);
  for (; !error && files != fs::recursive_directory_iterator();
       files.increment(error)) {
    if (!files->is_regular_file(error)) continue;
    if (paths.size() == limits::kMaxWebFiles) {
      return Bad(folder, "holds more than 2000 files");
    }
    paths.push_back(files->path().string());
  }
  if (error) return Bad(folder, "is no folder that can be read");
  return paths;
}

}  // namespace

absl::Status StaticFiles::Add(const std::string& path, std::string bytes) {
  absl::string_view name = path;
  if (absl::ConsumeSuffix(&name, kCompressed)) {
    files_[std::string(name)].compressed =
        std::make_shared<const std::string>(std::move(bytes));
    return absl::OkStatus();
  }
  File& file = files_[path];
  file.media_type = MediaTypeOf(path);
  file.tag = ToHex(ByteSpan(crypto::Sha256({AsBytes(bytes)})).first(kTagBytes));
  file.immutable = absl::StartsWith(path, kAssets);
  file.bytes = std::make_shared<const std::string>(std::move(bytes));
  return absl::OkStatus();
}

absl::StatusOr<StaticFiles> StaticFiles::Load(const std::string& folder) {
  FRANK_ASSIGN_OR_RETURN(std::vector<std::string> paths, ListFolder(folder));
  StaticFiles files;
  size_t total = 0;
  for (const std::string& path : paths) {
    FRANK_ASSIGN_OR_RETURN(std::string bytes,
                           wire::ReadFile(path, limits::kMaxWebFileBytes));
    total += bytes.size();
    if (total > limits::kMaxWebFolderBytes) {
      return Bad(folder, "holds more than 64 MiB");
    }
    std::string name = path.substr(folder.size());
    if (name[0] != '/') name.insert(0, "/");
    if (!IsPath(name)) return Bad(path, "has a name that no path can be");
    FRANK_RETURN_IF_ERROR(files.Add(name, std::move(bytes)));
  }
  for (const auto& [name, file] : files.files_) {
    if (file.tag.empty()) {
      return Bad(absl::StrCat(folder, name, kCompressed),
                 "has no file beside it that it is the compressed form of");
    }
  }
  if (files.files_.count(kIndex) == 0) {
    return Bad(absl::StrCat(folder, kIndex), "is missing");
  }
  return files;
}

const StaticFiles::File* StaticFiles::Find(absl::string_view path) const {
  auto found = files_.find(std::string(path));
  if (found == files_.end() && IsOwnPath(path)) {
    found = files_.find(kIndex);
  }
  return found == files_.end() ? nullptr : &found->second;
}

HttpAnswer StaticFiles::Answer(const HttpRequest& request) const {
  const File* file = Find(request.path());
  if (file == nullptr) return PlainAnswer(404);
  const bool compressed = file->compressed != nullptr &&
                          TakesGzip(request.Header("accept-encoding"));
  const std::string tag =
      absl::StrCat("\"", file->tag, compressed ? "-gz\"" : "\"");
  HttpAnswer answer;
  answer.media_type = file->media_type;
  answer.headers = {
      {"ETag", tag},
      {"Vary", "Accept-Encoding"},
      {"Cache-Control",
       file->immutable ? "public, max-age=31536000, immutable" : "no-cache"}};
  if (Names(request.Header("if-none-match"), tag)) {
    answer.status = 304;
    return answer;
  }
  if (compressed) answer.headers.emplace_back("Content-Encoding", "gzip");
  answer.kept_body = compressed ? file->compressed : file->bytes;
  return answer;
}

}  // namespace frank::web

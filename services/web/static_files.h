// The built review tool, in memory.
#ifndef FRANK_SERVICES_WEB_STATIC_FILES_H_
#define FRANK_SERVICES_WEB_STATIC_FILES_H_

#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "services/web/http.h"

namespace frank::web {

// Files of one folder, read once: no path of a request ever reaches the disk.
// "x.gz" beside "x" is the same file, compressed. Immutable, thread-safe.
class StaticFiles {
 public:
  // No files at all.
  StaticFiles() = default;

  // kFailedPrecondition names the folder or the file: it is not there, has no
  // index.html, is too large, or has a name that no path can be.
  static absl::StatusOr<StaticFiles> Load(const std::string& folder);

  // Answers GET and HEAD. A path that is no file and has no extension is one of
  // the tool's own and gets index.html; any other is 404.
  HttpAnswer Answer(const HttpRequest& request) const;

 private:
  struct File {
    // Shared with the answers that send them.
    std::shared_ptr<const std::string> bytes;
    std::shared_ptr<const std::string> compressed;  // null: none
    std::string media_type;
    std::string tag;  // of the bytes, for ETag
    // Named by its contents, so that it never changes.
    bool immutable = false;
  };

  absl::Status Add(const std::string& path, std::string bytes);
  const File* Find(absl::string_view path) const;

  // By path, "/assets/index-1a2b.js".
  std::map<std::string, File> files_;
};

}  // namespace frank::web

#endif  // FRANK_SERVICES_WEB_STATIC_FILES_H_

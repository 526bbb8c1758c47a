#include "client/home_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "core/status.h"

namespace frank::client {
namespace {

absl::Status CheckPrivate(const struct stat& info, const std::string& path,
                          const char* mode) {
  if (info.st_uid != ::geteuid()) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": belongs to another user"));
  }
  if ((info.st_mode & 077) != 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        path, ": other users can read it; run: chmod ", mode, " ", path));
  }
  return absl::OkStatus();
}

}  // namespace

FileHandle::~FileHandle() {
  if (fd_ >= 0) ::close(fd_);
}

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

absl::Status FileError(const std::string& path, const char* action) {
  int error = errno;
  std::string message =
      absl::StrCat(path, ": cannot ", action, ": ", std::strerror(error));
  return error == ENOENT ? absl::NotFoundError(message)
                         : absl::InternalError(message);
}

absl::Status CheckPrivateFolder(const std::string& path) {
  struct stat info;
  if (::stat(path.c_str(), &info) != 0) return FileError(path, "open");
  if (!S_ISDIR(info.st_mode)) {
    return absl::FailedPreconditionError(absl::StrCat(path, ": not a folder"));
  }
  return CheckPrivate(info, path, "700");
}

absl::Status MakePrivateFolder(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return FileError(path, "make the folder");
  }
  return CheckPrivateFolder(path);
}

absl::Status CheckPrivateFile(const FileHandle& file, const std::string& path) {
  struct stat info;
  if (::fstat(file.fd(), &info) != 0) return FileError(path, "open");
  return CheckPrivate(info, path, "600");
}

absl::StatusOr<FileHandle> LockFolder(const std::string& path) {
  std::string name = path + "/lock";
  FileHandle file(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file) return FileError(name, "open");
  if (::flock(file.fd(), LOCK_EX | LOCK_NB) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": another process is using this home"));
  }
  return file;
}

absl::Status SyncFolder(const std::string& path) {
  FileHandle folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder) return FileError(path, "open");
  if (::fsync(folder.fd()) != 0) return FileError(path, "sync");
  return absl::OkStatus();
}

}  // namespace frank::client

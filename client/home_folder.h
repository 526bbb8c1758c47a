// A folder that belongs to one user alone, and the files in it.
#ifndef FRANK_CLIENT_HOME_FOLDER_H_
#define FRANK_CLIENT_HOME_FOLDER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace frank::client {

// A file descriptor that is closed when it goes.
class FileHandle {
 public:
  FileHandle() = default;
  explicit FileHandle(int fd) : fd_(fd) {}
  ~FileHandle();
  FileHandle(FileHandle&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  FileHandle& operator=(FileHandle&& other) noexcept;
  int fd() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// Makes the folder with mode 0700 if it is missing. kFailedPrecondition names
// it when another user can read it or it belongs to somebody else.
absl::Status MakePrivateFolder(const std::string& path);
absl::Status CheckPrivateFolder(const std::string& path);

// Fails, naming the file, when an open file can be read or written by another
// user.
absl::Status CheckPrivateFile(const FileHandle& file, const std::string& path);

// Takes the lock that keeps a second process out, until the handle goes.
// kFailedPrecondition when another process has it.
absl::StatusOr<FileHandle> LockFolder(const std::string& path);

// Makes a rename or a new file in the folder durable.
absl::Status SyncFolder(const std::string& path);

// What the operating system said about `path`, as kInternal: no server is away;
// kNotFound when there is no such file.
absl::Status FileError(const std::string& path, const char* action);

}  // namespace frank::client

#endif  // FRANK_CLIENT_HOME_FOLDER_H_

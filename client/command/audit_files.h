// The two files that `frank audit` writes and reads, both of them text:
//
// an export of the log:   "frank-audit/1" LF
//                         base64(entry) LF, for each, in the order of the tree
//                         LF
//                         the checkpoint, verbatim
// a witness's file:       checkpoints, oldest first, with LF between them
#ifndef FRANK_CLIENT_COMMAND_AUDIT_FILES_H_
#define FRANK_CLIENT_COMMAND_AUDIT_FILES_H_

#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/bytes.h"

namespace frank::client {

// Writes an export. Whatever was not finished is removed.
class LogFileWriter {
 public:
  // kAlreadyExists when there is a file; kFailedPrecondition names it when it
  // cannot be written, as do the others.
  static absl::StatusOr<LogFileWriter> Create(const std::string& path);
  ~LogFileWriter();
  LogFileWriter(LogFileWriter&& other) noexcept;
  LogFileWriter& operator=(LogFileWriter&&) = delete;

  absl::Status Add(ByteSpan entry);
  absl::Status Finish(absl::string_view checkpoint);

 private:
  explicit LogFileWriter(std::string path);
  absl::Status Failed() const;

  std::string path_;  // empty once there is nothing to remove
  std::ofstream file_;
};

// Reads an export, an entry at a time.
class LogFileReader {
 public:
  // kFailedPrecondition when the file cannot be read; kInvalidArgument when it
  // is no export.
  static absl::StatusOr<LogFileReader> Open(const std::string& path);

  // Returns the next entry, none after the last. kInvalidArgument on a line
  // that is not base64, and where the file ends before its checkpoint.
  absl::StatusOr<absl::optional<Bytes>> Next();
  // What follows the entries; after the last.
  std::string Checkpoint();

 private:
  explicit LogFileReader(const std::string& path) : file_(path) {}
  std::ifstream file_;
};

// Returns the notes of a witness's file, none if there is no file.
// kFailedPrecondition when it cannot be read.
absl::StatusOr<std::vector<std::string>> ReadNotes(const std::string& path);
// Writes the file anew, whole or not at all, with one note more.
absl::Status AppendNote(const std::string& path, absl::string_view note);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_AUDIT_FILES_H_

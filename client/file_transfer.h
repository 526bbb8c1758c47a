// Files over the reference channel: chunk by chunk, never held whole (protocol
// section 3, files).
#ifndef FRANK_CLIENT_FILE_TRANSFER_H_
#define FRANK_CLIENT_FILE_TRANSFER_H_

#include <functional>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/device_context.h"
#include "client/report_builder.h"
#include "client/verify.h"
#include "core/bytes.h"
#include "crypto/file.h"

namespace frank::client {

// The two parts that a message carries of a file, as vec(media_type) || body,
// to be sent one behind the other.
struct UploadedFile {
  Bytes file_part;
  crypto::Secret key_part;
};

// A file that a received message announces. Views into the message.
struct AnnouncedFile {
  crypto::FilePart file;
  crypto::FileKeyPart key;
};

// Reads the two parts at `index` and index + 1. kInvalidArgument when they are
// not a file and its key.
absl::StatusOr<AnnouncedFile> FindFile(const VerifiedMessage& message,
                                       uint32_t index);

// Called after each chunk with how many are done, and of how many.
using Progress = std::function<void(uint32_t done, uint32_t total)>;
// A transfer of which some is read on this side first.
struct TransferProgress {
  Progress hashing;
  Progress moving;
};

// What tells that a file has changed.
struct FileState {
  uint64_t length = 0;
  uint64_t modified_ns = 0;
};

class FileTransfer {
 public:
  explicit FileTransfer(const DeviceContext& context) : context_(context) {}

  // Commits to the file in one pass and uploads it in a second; an upload that
  // was broken off goes on where it was, as long as the file has not changed.
  // kNotFound, kInvalidArgument (larger than 2^36 bytes),
  // kFailedPrecondition (it changed meanwhile); else as the platform answers.
  absl::StatusOr<UploadedFile> Upload(const std::string& path,
                                      absl::string_view media_type,
                                      absl::string_view name,
                                      const TransferProgress& progress);

  // Downloads into `path`, which appears whole and verified or not at all; what
  // was loaded stays in path.part and the next call goes on behind it.
  // kAlreadyExists when path exists, which is never replaced;
  // kFailedPrecondition when path.part is not this user's alone, or another
  // process writes it; kUnauthenticated when a chunk or the whole is not what
  // was announced.
  absl::Status Download(const AnnouncedFile& file, const std::string& path,
                        const TransferProgress& progress);

  // Reads the file from the platform once more and opens `indices` of its
  // chunks for a report. kInvalidArgument on an index past the end;
  // kUnauthenticated as Download.
  absl::StatusOr<OpenedChunks> OpenChunks(const AnnouncedFile& file,
                                          const std::set<uint32_t>& indices,
                                          const Progress& progress);

 private:
  // Hashes the file; takes the keys of an upload that broke off where it has
  // the same bytes, else fresh ones.
  absl::StatusOr<UploadRecord> Commit(const std::string& path, int fd,
                                      const FileState& state,
                                      const Progress& progress) const;
  absl::Status UploadChunks(const stored::FileUpload& upload, int fd,
                            const Progress& progress);
  // Streams decrypted chunks from `first` on.
  absl::Status Stream(
      const AnnouncedFile& file, uint32_t first,
      const std::function<absl::Status(uint32_t, ByteSpan)>& take);

  DeviceContext context_;
};

}  // namespace frank::client

#endif  // FRANK_CLIENT_FILE_TRANSFER_H_

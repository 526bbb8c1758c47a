#include "client/file_transfer.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/home_folder.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/errors.h"
#include "proto/wire.h"

namespace frank::client {
namespace {

constexpr size_t kSealedChunkBytes = limits::kChunkBytes + 16;

absl::Status ReadAt(int fd, uint64_t offset, absl::Span<uint8_t> out) {
  while (!out.empty()) {
    ssize_t n = ::pread(fd, out.data(), out.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FileError("the file", "read");
    if (n == 0) {
      return absl::FailedPreconditionError("the file became shorter");
    }
    out.remove_prefix(static_cast<size_t>(n));
    offset += static_cast<uint64_t>(n);
  }
  return absl::OkStatus();
}

absl::Status WriteAt(int fd, uint64_t offset, ByteSpan bytes) {
  while (!bytes.empty()) {
    ssize_t n =
        ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return FileError("the file", "write");
    bytes.remove_prefix(static_cast<size_t>(n));
    offset += static_cast<uint64_t>(n);
  }
  return absl::OkStatus();
}

absl::StatusOr<FileState> StateOf(int fd, const std::string& path) {
  struct stat info;
  if (::fstat(fd, &info) != 0) return FileError(path, "read");
  if (!S_ISREG(info.st_mode)) {
    return FieldError("file", "must be a regular file");
  }
  return FileState{static_cast<uint64_t>(info.st_size),
                   static_cast<uint64_t>(info.st_mtim.tv_sec) * 1000000000u +
                       static_cast<uint64_t>(info.st_mtim.tv_nsec)};
}

absl::Status CheckUnchanged(int fd, const std::string& path,
                            const FileState& before) {
  FRANK_ASSIGN_OR_RETURN(FileState now, StateOf(fd, path));
  if (now.length == before.length && now.modified_ns == before.modified_ns) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": changed while it was sent"));
}

// Opens what a download broke off left, or a new file, for this process alone.
absl::StatusOr<FileHandle> OpenPartial(const std::string& path) {
  FileHandle file(
      ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return FileError(path, "make");
  FRANK_RETURN_IF_ERROR(CheckPrivateFile(file, path));
  if (::flock(file.fd(), LOCK_EX | LOCK_NB) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": another process is writing it"));
  }
  return file;
}

// Gives a finished file its name. A link, unlike a rename, never replaces.
absl::Status Name(int fd, uint64_t length, const std::string& temporary,
                  const std::string& path) {
  if (::ftruncate(fd, static_cast<off_t>(length)) != 0 || ::fsync(fd) != 0) {
    return FileError(temporary, "write");
  }
  if (::link(temporary.c_str(), path.c_str()) != 0) {
    if (errno != EEXIST) return FileError(path, "make");
    return absl::AlreadyExistsError(absl::StrCat(path, ": exists already"));
  }
  ::unlink(temporary.c_str());
  return absl::OkStatus();
}

// Feeds a plain file's chunks [0, count) into the committer.
absl::Status CommitChunks(int fd, uint64_t length, uint32_t count,
                          const Progress& progress,
                          crypto::FileCommitter* committer) {
  Bytes chunk(limits::kChunkBytes);
  for (uint32_t i = 0; i < count; ++i) {
    absl::Span<uint8_t> bytes =
        absl::MakeSpan(chunk).subspan(0, crypto::ChunkLength(length, i));
    FRANK_RETURN_IF_ERROR(ReadAt(fd, uint64_t{i} * limits::kChunkBytes, bytes));
    FRANK_RETURN_IF_ERROR(committer->Add(bytes));
    progress(i + 1, count);
  }
  return absl::OkStatus();
}

absl::StatusOr<FrankingTag> CommitWholeFile(int fd, uint64_t length,
                                            ByteSpan root_salt,
                                            const Progress& progress) {
  FRANK_ASSIGN_OR_RETURN(crypto::FileCommitter committer,
                         crypto::FileCommitter::Create(root_salt, length));
  FRANK_ASSIGN_OR_RETURN(uint32_t chunks, crypto::ChunkCount(length));
  FRANK_RETURN_IF_ERROR(CommitChunks(fd, length, chunks, progress, &committer));
  FRANK_ASSIGN_OR_RETURN(crypto::PartsCommitment commitment,
                         std::move(committer).Finish());
  return commitment.tag();
}

absl::StatusOr<crypto::ChunkCipher> CipherOf(const stored::FileUpload& upload,
                                             uint32_t chunks) {
  FRANK_ASSIGN_OR_RETURN(
      FrankingTag tag,
      FrankingTag::Parse("file_tag", FieldBytes(upload.file_tag())));
  return crypto::ChunkCipher::Create(
      crypto::Secret::Copy(FieldBytes(upload.file_key())), tag, chunks);
}

}  // namespace

absl::StatusOr<AnnouncedFile> FindFile(const VerifiedMessage& message,
                                       uint32_t index) {
  // One part is looked at, not all of them: a message may have 2^20, and
  // whoever shows it asks about each.
  const v1::Payload::Parts& parts = message.payload().parts();
  if (int64_t{index} + 1 >= parts.part_size()) {
    return FieldError("part", "must be a file");
  }
  int at = static_cast<int>(index);
  FRANK_ASSIGN_OR_RETURN(crypto::FilePart file,
                         crypto::ParseFilePart(AsBytes(parts.part(at))));
  FRANK_ASSIGN_OR_RETURN(crypto::FileKeyPart key,
                         crypto::ParseFileKeyPart(AsBytes(parts.part(at + 1))));
  return AnnouncedFile{file, std::move(key)};
}

absl::StatusOr<UploadRecord> FileTransfer::Commit(
    const std::string& path, int fd, const FileState& state,
    const Progress& progress) const {
  FRANK_RETURN_IF_ERROR(crypto::ChunkCount(state.length).status());
  FRANK_ASSIGN_OR_RETURN(absl::optional<UploadRecord> before,
                         context_.store.FindUpload(path));
  UploadRecord upload;
  if (before && (*before)->length() == state.length) {
    // The same keys only for the same bytes: a nonce is the chunk's index.
    FRANK_ASSIGN_OR_RETURN(
        FrankingTag tag,
        CommitWholeFile(fd, state.length,
                        FieldBytes((*before)->file_root_salt()), progress));
    if (tag.text() == absl::string_view((*before)->file_tag()))
      return *std::move(before);
  }
  crypto::Secret salt =
      crypto::Secret::Random(context_.random, limits::kSaltBytes);
  crypto::Secret key = crypto::Secret::Random(context_.random, 16);
  FRANK_ASSIGN_OR_RETURN(
      FrankingTag tag,
      CommitWholeFile(fd, state.length, salt.bytes(), progress));
  upload->set_path(path);
  upload->set_length(state.length);
  upload->set_file_root_salt(ToString(salt.bytes()));
  upload->set_file_key(ToString(key.bytes()));
  upload->set_file_tag(ToString(tag.bytes()));
  FRANK_RETURN_IF_ERROR(context_.store.PutUpload(*upload));
  return upload;
}

absl::StatusOr<UploadedFile> FileTransfer::Upload(
    const std::string& path, absl::string_view media_type,
    absl::string_view name, const TransferProgress& progress) {
  FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return FileError(path, "open");
  // Before the first pass: what it hashes must be what the second one sends.
  FRANK_ASSIGN_OR_RETURN(FileState state, StateOf(file.fd(), path));
  FRANK_ASSIGN_OR_RETURN(UploadRecord upload,
                         Commit(path, file.fd(), state, progress.hashing));
  absl::Status sent = CheckUnchanged(file.fd(), path, state);
  if (sent.ok()) {
    FRANK_RETURN_IF_ERROR(UploadChunks(*upload, file.fd(), progress.moving));
    sent = CheckUnchanged(file.fd(), path, state);
  }
  if (!sent.ok()) {
    // These keys have sealed bytes that the tag does not name.
    FRANK_RETURN_IF_ERROR(context_.store.RemoveUpload(path));
    return sent;
  }
  UploadedFile uploaded;
  FRANK_ASSIGN_OR_RETURN(
      FrankingTag tag,
      FrankingTag::Parse("file_tag", FieldBytes(upload->file_tag())));
  FRANK_ASSIGN_OR_RETURN(
      uploaded.file_part,
      crypto::EncodeFilePart({tag, upload->length(), media_type, name}));
  FRANK_ASSIGN_OR_RETURN(
      uploaded.key_part,
      crypto::EncodeFileKeyPart(
          {crypto::Secret::Copy(FieldBytes(upload->file_root_salt())),
           crypto::Secret::Copy(FieldBytes(upload->file_key()))}));
  FRANK_RETURN_IF_ERROR(context_.store.RemoveUpload(path));
  return uploaded;
}

absl::Status FileTransfer::UploadChunks(const stored::FileUpload& upload,
                                        int fd, const Progress& progress) {
  FRANK_ASSIGN_OR_RETURN(uint32_t chunks, crypto::ChunkCount(upload.length()));
  FRANK_ASSIGN_OR_RETURN(crypto::ChunkCipher cipher, CipherOf(upload, chunks));
  v1::StatFileRequest stat;
  stat.set_file_tag(upload.file_tag());
  absl::StatusOr<v1::StatFileResponse> known =
      context_.transport.StatFile(stat);
  if (!known.ok() && !absl::IsNotFound(known.status())) return known.status();
  uint32_t next = known.ok() ? known->next_chunk() : 0;
  std::unique_ptr<UploadStream> stream = context_.transport.UploadFile();
  v1::UploadFileRequest request;
  request.mutable_start()->set_file_tag(upload.file_tag());
  request.mutable_start()->set_chunk_count(chunks);
  request.mutable_start()->set_ciphertext_bytes(upload.length() +
                                                uint64_t{chunks} * 16);
  bool open = stream->Write(request);
  Bytes sealed(kSealedChunkBytes);
  for (; open && next < chunks; ++next) {
    size_t length = crypto::ChunkLength(upload.length(), next);
    absl::Span<uint8_t> out = absl::MakeSpan(sealed).subspan(0, length + 16);
    FRANK_RETURN_IF_ERROR(ReadAt(fd, uint64_t{next} * limits::kChunkBytes,
                                 out.subspan(0, length)));
    FRANK_RETURN_IF_ERROR(cipher.Seal(next, out.subspan(0, length), out));
    request.mutable_chunk()->set_index(next);
    request.mutable_chunk()->set_ciphertext(ToString(out));
    open = stream->Write(request);
    progress(next + 1, chunks);
  }
  return stream->Finish().status();
}

absl::Status FileTransfer::Stream(
    const AnnouncedFile& file, uint32_t first,
    const std::function<absl::Status(uint32_t, ByteSpan)>& take) {
  FRANK_ASSIGN_OR_RETURN(uint32_t chunks, crypto::ChunkCount(file.file.length));
  if (first >= chunks) return absl::OkStatus();
  FRANK_ASSIGN_OR_RETURN(crypto::ChunkCipher cipher,
                         crypto::ChunkCipher::Create(
                             file.key.file_key, file.file.file_tag, chunks));
  v1::DownloadFileRequest request;
  request.set_file_tag(ToString(file.file.file_tag.bytes()));
  request.set_first_chunk(first);
  std::unique_ptr<DownloadStream> stream =
      context_.transport.DownloadFile(request);
  Bytes chunk(limits::kChunkBytes);
  v1::DownloadFileResponse response;
  uint32_t next = first;
  while (next < chunks && stream->Read(&response)) {
    size_t length = crypto::ChunkLength(file.file.length, next);
    absl::Span<uint8_t> out = absl::MakeSpan(chunk).subspan(0, length);
    ByteSpan sealed = FieldBytes(response.ciphertext());
    if (response.index() != next || sealed.size() != length + 16) {
      return crypto::Unauthenticated();
    }
    FRANK_RETURN_IF_ERROR(cipher.Open(next, sealed, out));
    FRANK_RETURN_IF_ERROR(take(next, out));
    ++next;
  }
  FRANK_RETURN_IF_ERROR(stream->Finish());
  if (next < chunks) return absl::UnavailableError("the download broke off");
  return absl::OkStatus();
}

absl::Status FileTransfer::Download(const AnnouncedFile& file,
                                    const std::string& path,
                                    const TransferProgress& progress) {
  if (::access(path.c_str(), F_OK) == 0) {
    return absl::AlreadyExistsError(absl::StrCat(path, ": exists already"));
  }
  std::string temporary = path + ".part";
  FRANK_ASSIGN_OR_RETURN(FileHandle out, OpenPartial(temporary));
  FRANK_ASSIGN_OR_RETURN(FileState state, StateOf(out.fd(), temporary));
  FRANK_ASSIGN_OR_RETURN(uint32_t chunks, crypto::ChunkCount(file.file.length));
  FRANK_ASSIGN_OR_RETURN(
      crypto::FileCommitter committer,
      crypto::FileCommitter::Create(file.key.file_root_salt.bytes(),
                                    file.file.length));
  uint32_t have = static_cast<uint32_t>(
      std::min<uint64_t>(state.length / limits::kChunkBytes, chunks - 1));
  FRANK_RETURN_IF_ERROR(CommitChunks(out.fd(), file.file.length, have,
                                     progress.hashing, &committer));
  auto keep = [&](uint32_t index, ByteSpan chunk) {
    progress.moving(index + 1, chunks);
    absl::Status added = committer.Add(chunk);
    if (!added.ok()) return added;
    return WriteAt(out.fd(), uint64_t{index} * limits::kChunkBytes, chunk);
  };
  FRANK_RETURN_IF_ERROR(Stream(file, have, keep));
  FRANK_ASSIGN_OR_RETURN(crypto::PartsCommitment commitment,
                         std::move(committer).Finish());
  if (commitment.tag() != file.file.file_tag) {
    ::unlink(temporary.c_str());
    return crypto::Unauthenticated();
  }
  return Name(out.fd(), file.file.length, temporary, path);
}

absl::StatusOr<OpenedChunks> FileTransfer::OpenChunks(
    const AnnouncedFile& file, const std::set<uint32_t>& indices,
    const Progress& progress) {
  FRANK_ASSIGN_OR_RETURN(uint32_t chunks, crypto::ChunkCount(file.file.length));
  if (indices.empty() || *indices.rbegin() >= chunks) {
    return FieldError("chunks",
                      absl::StrCat("must be some of 0 to ", chunks - 1));
  }
  FRANK_ASSIGN_OR_RETURN(
      crypto::FileCommitter committer,
      crypto::FileCommitter::Create(file.key.file_root_salt.bytes(),
                                    file.file.length));
  OpenedChunks opened;
  opened.file_tag = file.file.file_tag;
  opened.size = chunks;
  FRANK_RETURN_IF_ERROR(Stream(file, 0, [&](uint32_t index, ByteSpan chunk) {
    if (indices.count(index) != 0) {
      opened.chunks.emplace_back(chunk.begin(), chunk.end());
    }
    progress(index + 1, chunks);
    return committer.Add(chunk);
  }));
  FRANK_ASSIGN_OR_RETURN(crypto::PartsCommitment commitment,
                         std::move(committer).Finish());
  if (commitment.tag() != file.file.file_tag) return crypto::Unauthenticated();
  for (uint32_t index : indices) {
    FRANK_ASSIGN_OR_RETURN(crypto::PartProof proof, commitment.Prove(index));
    opened.proofs.push_back(std::move(proof));
  }
  return opened;
}

}  // namespace frank::client

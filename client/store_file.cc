#include "client/store_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "crypto/aead.h"
#include "crypto/encoding.h"
#include "crypto/hash.h"

namespace frank::client {
namespace {

constexpr absl::string_view kMagic = "frank-store-1\n";
constexpr absl::string_view kAad = "frank/store";
constexpr size_t kSaltBytes = 32;
constexpr size_t kFileHeaderBytes = 14 + kSaltBytes;
constexpr size_t kCheckBytes = 8;
constexpr size_t kRecordHeaderBytes = 4 + kCheckBytes;
constexpr size_t kMaxBatchBytes = 64u << 20;
// A log is compacted when it is four times what is live in it, but not while
// it is small.
constexpr uint64_t kMinCompactBytes = 4u << 20;
constexpr size_t kCopyBatchBytes = 1u << 20;

enum Change : uint8_t { kDelete = 0, kPut = 1 };

absl::Status WriteAll(int fd, ByteSpan bytes, uint64_t offset,
                      const std::string& path) {
  while (!bytes.empty()) {
    ssize_t n =
        ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return FileError(path, "write");
    bytes.remove_prefix(static_cast<size_t>(n));
    offset += static_cast<uint64_t>(n);
  }
  return absl::OkStatus();
}

absl::Status ReadAll(int fd, absl::Span<uint8_t> out, uint64_t offset) {
  while (!out.empty()) {
    ssize_t n = ::pread(fd, out.data(), out.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return absl::DataLossError("the store's log ends too early");
    out.remove_prefix(static_cast<size_t>(n));
    offset += static_cast<uint64_t>(n);
  }
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> SizeOf(const FileHandle& file,
                                const std::string& path) {
  struct stat info;
  if (::fstat(file.fd(), &info) != 0) return FileError(path, "read");
  return static_cast<uint64_t>(info.st_size);
}

// Whether a crash before the first sync of this tail can explain it: the file
// had grown and its blocks were not written.
bool IsUnwritten(int fd, uint64_t offset, uint64_t end) {
  std::array<uint8_t, 4096> block;
  while (offset < end) {
    size_t n =
        static_cast<size_t>(std::min<uint64_t>(block.size(), end - offset));
    if (!ReadAll(fd, absl::MakeSpan(block.data(), n), offset).ok())
      return false;
    for (size_t i = 0; i < n; ++i) {
      if (block[i] != 0) return false;
    }
    offset += n;
  }
  return true;
}

std::array<uint8_t, crypto::kAeadNonceBytes> NonceOf(uint64_t record) {
  std::array<uint8_t, crypto::kAeadNonceBytes> nonce{};
  std::array<uint8_t, 8> number = crypto::BigEndian(record);
  std::copy(number.begin(), number.end(), nonce.begin() + 4);
  return nonce;
}

absl::Status Damaged(const std::string& path) {
  return absl::DataLossError(
      absl::StrCat(path, ": damaged, or the store key is not its own"));
}

}  // namespace

void StoreBatch::Put(absl::string_view key, absl::string_view value) {
  changes_.emplace_back(std::string(key), crypto::Secret::Copy(AsBytes(value)));
}

void StoreBatch::Put(absl::string_view key,
                     const google::protobuf::MessageLite& record) {
  crypto::Secret value = crypto::Secret::OfSize(record.ByteSizeLong());
  record.SerializeToArray(value.mutable_bytes().data(),
                          static_cast<int>(value.size()));
  changes_.emplace_back(std::string(key), std::move(value));
}

void StoreBatch::Delete(absl::string_view key) {
  changes_.emplace_back(std::string(key), absl::nullopt);
}

absl::StatusOr<crypto::Secret> StoreFile::LoadKey(const std::string& home,
                                                  RandomSource& random) {
  std::string path = home + "/store.key";
  FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file) {
    FRANK_RETURN_IF_ERROR(CheckPrivateFile(file, path));
    crypto::Secret key = crypto::Secret::OfSize(kKeyBytes);
    FRANK_ASSIGN_OR_RETURN(uint64_t size, SizeOf(file, path));
    if (size != kKeyBytes) return Damaged(path);
    FRANK_RETURN_IF_ERROR(ReadAll(file.fd(), key.mutable_bytes(), 0));
    return key;
  }
  if (errno != ENOENT) return FileError(path, "open");
  // Without its key a log can never be read again: say so, make no new one.
  if (::access((home + "/store.log").c_str(), F_OK) == 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        path, ": missing; the store needs it, or the key that was given when ",
        "it was made"));
  }
  return MakeKey(path, home, random);
}

absl::StatusOr<crypto::Secret> StoreFile::MakeKey(const std::string& path,
                                                  const std::string& home,
                                                  RandomSource& random) {
  crypto::Secret key = crypto::Secret::Random(random, kKeyBytes);
  std::string temporary = path + ".new";
  FileHandle out(::open(temporary.c_str(),
                        O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!out) return FileError(temporary, "make");
  FRANK_RETURN_IF_ERROR(CheckPrivateFile(out, temporary));
  FRANK_RETURN_IF_ERROR(WriteAll(out.fd(), key.bytes(), 0, temporary));
  if (::fsync(out.fd()) != 0) return FileError(temporary, "sync");
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    return FileError(path, "make");
  }
  FRANK_RETURN_IF_ERROR(SyncFolder(home));
  return key;
}

absl::StatusOr<std::unique_ptr<StoreFile>> StoreFile::Open(
    const std::string& home, RandomSource& random,
    absl::optional<crypto::Secret> key) {
  FRANK_RETURN_IF_ERROR(MakePrivateFolder(home));
  FRANK_ASSIGN_OR_RETURN(FileHandle lock, LockFolder(home));
  if (!key) {
    FRANK_ASSIGN_OR_RETURN(key, LoadKey(home, random));
  }
  std::unique_ptr<StoreFile> store(
      new StoreFile(home, *std::move(key), std::move(lock), random));
  FRANK_RETURN_IF_ERROR(store->Load());
  return store;
}

absl::StatusOr<std::unique_ptr<StoreFile>> StoreFile::OpenExisting(
    const std::string& home, RandomSource& random,
    absl::optional<crypto::Secret> key) {
  FRANK_RETURN_IF_ERROR(CheckPrivateFolder(home));
  if (::access((home + "/store.log").c_str(), F_OK) != 0) {
    return absl::NotFoundError(absl::StrCat(home, ": holds no device"));
  }
  return Open(home, random, std::move(key));
}

void StoreFile::DeriveKeys(ByteSpan salt, Log* log) const {
  crypto::Sha256Digest keys = crypto::HmacKey(key_.bytes()).Mac({salt});
  log->file_key = crypto::Secret::Copy(ByteSpan(keys).subspan(0, 16));
  log->check_key = crypto::Secret::Copy(ByteSpan(keys).subspan(16));
  crypto::Cleanse(absl::MakeSpan(keys));
}

absl::Status StoreFile::Load() {
  std::string path = LogPath();
  log_.file = FileHandle(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!log_.file) {
    return errno == ENOENT ? Compact() : FileError(path, "open");
  }
  FRANK_RETURN_IF_ERROR(CheckPrivateFile(log_.file, path));
  FRANK_ASSIGN_OR_RETURN(uint64_t size, SizeOf(log_.file, path));
  std::array<uint8_t, kFileHeaderBytes> header;
  if (size < header.size()) return Damaged(path);
  FRANK_RETURN_IF_ERROR(ReadAll(log_.file.fd(), absl::MakeSpan(header), 0));
  ByteSpan salt = ByteSpan(header).subspan(kMagic.size());
  if (AsText(header).substr(0, kMagic.size()) != kMagic) {
    return absl::DataLossError(
        absl::StrCat(path, ": not a store that this program can read"));
  }
  DeriveKeys(salt, &log_);
  log_.end = header.size();
  bool more = true;
  while (more) {
    FRANK_ASSIGN_OR_RETURN(more, LoadRecord(size));
  }
  // A cut-off record used its nonce: what follows goes into another file.
  return log_.end == size ? absl::OkStatus() : Compact();
}

absl::StatusOr<uint32_t> StoreFile::ReadLength(const Log& log) const {
  std::array<uint8_t, kRecordHeaderBytes> header;
  FRANK_RETURN_IF_ERROR(
      ReadAll(log.file.fd(), absl::MakeSpan(header), log.end));
  ByteSpan length_bytes = ByteSpan(header).subspan(0, 4);
  crypto::Sha256Digest check =
      crypto::HmacKey(log.check_key.bytes())
          .Mac({crypto::BigEndian(log.next_record), length_bytes});
  if (!crypto::ConstantTimeEquals(ByteSpan(check).subspan(0, kCheckBytes),
                                  ByteSpan(header).subspan(4))) {
    return Damaged(LogPath());
  }
  return crypto::Decoder(length_bytes).U32("length");
}

absl::StatusOr<bool> StoreFile::LoadRecord(uint64_t file_size) {
  if (file_size - log_.end < kRecordHeaderBytes ||
      IsUnwritten(log_.file.fd(), log_.end, file_size)) {
    return false;
  }
  FRANK_ASSIGN_OR_RETURN(uint32_t length, ReadLength(log_));
  uint64_t end = log_.end + kRecordHeaderBytes + length;
  if (end > file_size) return false;
  Place place;
  place.record = log_.next_record;
  place.offset = log_.end;
  place.length = length;
  absl::StatusOr<crypto::Secret> batch = ReadRecord(place);
  if (!batch.ok()) {
    // Only the last record can have been cut off.
    if (end == file_size) return false;
    return batch.status();
  }
  FRANK_RETURN_IF_ERROR(AddToIndex(batch->bytes(), place));
  ++log_.next_record;
  log_.end = end;
  return true;
}

absl::Status StoreFile::AddToIndex(ByteSpan batch, Place place) {
  crypto::Decoder decoder(batch);
  while (!decoder.Finish("batch").ok()) {
    FRANK_ASSIGN_OR_RETURN(uint8_t change, decoder.U8("change"));
    FRANK_ASSIGN_OR_RETURN(ByteSpan key, decoder.Vec("key"));
    auto old = index_.find(AsText(key));
    if (old != index_.end()) {
      live_bytes_ -= old->first.size() + old->second.size;
      index_.erase(old);
    }
    if (change == kDelete) continue;
    FRANK_ASSIGN_OR_RETURN(ByteSpan value, decoder.Vec("value"));
    place.position = static_cast<uint32_t>(value.data() - batch.data());
    place.size = static_cast<uint32_t>(value.size());
    index_.emplace(ToString(key), place);
    live_bytes_ += key.size() + value.size();
  }
  return absl::OkStatus();
}

absl::StatusOr<crypto::Secret> StoreFile::ReadRecord(const Place& place) const {
  crypto::Secret batch = crypto::Secret::OfSize(place.length);
  FRANK_RETURN_IF_ERROR(ReadAll(log_.file.fd(), batch.mutable_bytes(),
                                place.offset + kRecordHeaderBytes));
  if (place.length < crypto::kAeadTagBytes) return Damaged(LogPath());
  size_t size = place.length - crypto::kAeadTagBytes;
  absl::Status opened = crypto::AeadOpen(
      log_.file_key.bytes(), NonceOf(place.record), AsBytes(kAad),
      batch.bytes(), batch.mutable_bytes().subspan(0, size));
  if (!opened.ok()) return Damaged(LogPath());
  batch.Shrink(size);
  return batch;
}

absl::Status StoreFile::Append(ByteSpan batch, Log* log, Place* place) const {
  uint32_t length = static_cast<uint32_t>(batch.size() + crypto::kAeadTagBytes);
  std::array<uint8_t, 4> length_bytes = crypto::BigEndian(length);
  crypto::Sha256Digest check =
      crypto::HmacKey(log->check_key.bytes())
          .Mac({crypto::BigEndian(log->next_record), length_bytes});
  Bytes record(kRecordHeaderBytes + length);
  std::copy(length_bytes.begin(), length_bytes.end(), record.begin());
  std::copy_n(check.begin(), kCheckBytes, record.begin() + 4);
  FRANK_RETURN_IF_ERROR(crypto::AeadSeal(
      log->file_key.bytes(), NonceOf(log->next_record), AsBytes(kAad), batch,
      absl::MakeSpan(record).subspan(kRecordHeaderBytes)));
  *place = Place{log->next_record, log->end, length};
  FRANK_RETURN_IF_ERROR(WriteAll(log->file.fd(), record, log->end, LogPath()));
  if (::fdatasync(log->file.fd()) != 0) return FileError(LogPath(), "sync");
  ++log->next_record;
  log->end += record.size();
  return absl::OkStatus();
}

absl::Status StoreFile::Apply(const StoreBatch& batch) {
  if (broken_) {
    return absl::InternalError("an earlier write failed; open anew");
  }
  crypto::Encoder encoder;
  for (const auto& [key, value] : batch.changes_) {
    encoder.U8(value ? kPut : kDelete).Vec(absl::string_view(key));
    if (value) encoder.Vec(value->bytes());
  }
  Bytes bytes = encoder.Take();
  if (bytes.size() > kMaxBatchBytes) {
    return FieldError("batch", "must be at most 64 MiB");
  }
  Place place;
  absl::Status written = Append(bytes, &log_, &place);
  if (written.ok()) written = AddToIndex(bytes, place);
  crypto::Cleanse(absl::MakeSpan(bytes));
  // How much of the record is on disk is not known, and its nonce is used.
  broken_ = !written.ok();
  FRANK_RETURN_IF_ERROR(written);
  if (log_.end > kMinCompactBytes && log_.end / 4 > live_bytes_) {
    // The changes are durable; a log that stays long is no failure of theirs.
    broken_ = !Compact().ok();
  }
  return absl::OkStatus();
}

absl::Status StoreFile::CopyLive(Log* log, Index* index) const {
  Place place;
  for (auto next = index_.begin(); next != index_.end();) {
    crypto::Encoder encoder;
    std::vector<std::pair<std::string, std::pair<uint32_t, uint32_t>>> added;
    while (next != index_.end() && encoder.bytes().size() < kCopyBatchBytes) {
      FRANK_ASSIGN_OR_RETURN(crypto::Secret value, Get(next->first));
      encoder.U8(kPut).Vec(absl::string_view(next->first));
      encoder.Vec(value.bytes());
      uint32_t size = static_cast<uint32_t>(value.size());
      added.push_back(
          {next->first,
           {static_cast<uint32_t>(encoder.bytes().size()) - size, size}});
      ++next;
    }
    Bytes batch = encoder.Take();
    absl::Status written = Append(batch, log, &place);
    crypto::Cleanse(absl::MakeSpan(batch));
    FRANK_RETURN_IF_ERROR(written);
    for (auto& [key, where] : added) {
      place.position = where.first;
      place.size = where.second;
      index->emplace(std::move(key), place);
    }
  }
  return absl::OkStatus();
}

absl::Status StoreFile::Compact() {
  std::string path = LogPath();
  std::string temporary = path + ".new";
  Log log;
  log.file = FileHandle(
      ::open(temporary.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!log.file) return FileError(temporary, "make");
  FRANK_RETURN_IF_ERROR(CheckPrivateFile(log.file, temporary));
  std::array<uint8_t, kSaltBytes> salt = random_.Draw<kSaltBytes>();
  DeriveKeys(salt, &log);
  std::string header = absl::StrCat(kMagic, AsText(salt));
  FRANK_RETURN_IF_ERROR(WriteAll(log.file.fd(), AsBytes(header), 0, temporary));
  log.end = header.size();
  Index index;
  FRANK_RETURN_IF_ERROR(CopyLive(&log, &index));
  if (::fsync(log.file.fd()) != 0) return FileError(temporary, "sync");
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    return FileError(path, "replace");
  }
  FRANK_RETURN_IF_ERROR(SyncFolder(home_));
  log_ = std::move(log);
  index_ = std::move(index);
  return absl::OkStatus();
}

absl::StatusOr<crypto::Secret> StoreFile::Get(absl::string_view key) const {
  auto found = index_.find(key);
  if (found == index_.end()) return absl::NotFoundError("no such record");
  const Place& place = found->second;
  FRANK_ASSIGN_OR_RETURN(crypto::Secret batch, ReadRecord(place));
  return crypto::Secret::Copy(
      batch.bytes().subspan(place.position, place.size));
}

bool StoreFile::Contains(absl::string_view key) const {
  return index_.find(key) != index_.end();
}

std::vector<std::string> StoreFile::Keys(absl::string_view prefix) const {
  std::vector<std::string> keys;
  for (auto it = index_.lower_bound(prefix);
       it != index_.end() && absl::StartsWith(it->first, prefix); ++it) {
    keys.push_back(it->first);
  }
  return keys;
}

}  // namespace frank::client

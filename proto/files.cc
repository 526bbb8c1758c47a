#include "proto/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <set>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/text_format.h"
#include "proto/cleansed.h"

namespace frank::wire {
namespace {

absl::Status Wrong(absl::string_view path, absl::string_view what) {
  return absl::FailedPreconditionError(absl::StrCat(path, ": ", what));
}

absl::Status CannotWrite(absl::string_view path) {
  return absl::InternalError(
      absl::StrCat(path, ": cannot be written: ", strerror(errno)));
}

// What keeps a file from being read, by errno.
absl::Status CannotRead(absl::string_view path) {
  std::string what = absl::StrCat(path, ": ", strerror(errno));
  return errno == ENOENT ? absl::NotFoundError(what)
                         : absl::FailedPreconditionError(what);
}

// Gives an error from below the name of the file that it is about.
absl::Status InFile(absl::string_view path, const absl::Status& status) {
  if (status.ok()) return status;
  return Wrong(path, status.message());
}

absl::Status CheckOwnerOnly(const std::string& path, const struct stat& info) {
  if (info.st_uid != geteuid()) {
    return Wrong(path, "must belong to the user that runs this program");
  }
  if ((info.st_mode & 077) != 0) {
    return Wrong(path,
                 "holds a secret and must be readable by its owner only "
                 "(chmod 600)");
  }
  return absl::OkStatus();
}

enum class Access { kAny, kOwnerOnly };

// Calls `take(buffer, size)` for each piece of the file.
template <typename Take>
absl::Status Read(const std::string& path, Access access, size_t max_bytes,
                  Take take) {
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return CannotRead(path);
  absl::Cleanup close_fd = [fd] { close(fd); };
  struct stat info {};
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    return Wrong(path, "is not a regular file");
  }
  if (static_cast<size_t>(info.st_size) > max_bytes) {
    return Wrong(path,
                 absl::StrCat("is larger than ", max_bytes >> 20, " MiB"));
  }
  if (access == Access::kOwnerOnly) {
    FRANK_RETURN_IF_ERROR(CheckOwnerOnly(path, info));
  }
  return take(fd, static_cast<size_t>(info.st_size));
}

absl::Status ReadInto(const std::string& path, int fd,
                      absl::Span<uint8_t> out) {
  size_t done = 0;
  while (done < out.size()) {
    ssize_t got = read(fd, out.data() + done, out.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return CannotRead(path);
    if (got == 0) return Wrong(path, "became shorter while it was read");
    done += static_cast<size_t>(got);
  }
  return absl::OkStatus();
}

absl::Status WriteAll(const std::string& path, int fd, absl::string_view text) {
  while (!text.empty()) {
    ssize_t put = write(fd, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return CannotWrite(path);
    text.remove_prefix(static_cast<size_t>(put));
  }
  if (fsync(fd) != 0) return CannotWrite(path);
  return absl::OkStatus();
}

absl::Status SyncFolderOf(const std::string& path) {
  size_t slash = path.rfind('/');
  std::string folder =
      slash == std::string::npos ? "." : path.substr(0, slash + 1);
  int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return CannotWrite(folder);
  bool ok = fsync(fd) == 0;
  close(fd);
  return ok ? absl::OkStatus() : CannotWrite(folder);
}

// Gives a written file its name. A link, unlike a rename, never replaces.
absl::Status Name(const std::string& temporary, const std::string& path,
                  bool replace) {
  int result = replace ? rename(temporary.c_str(), path.c_str())
                       : link(temporary.c_str(), path.c_str());
  if (result == 0) return absl::OkStatus();
  if (errno == EEXIST) {
    return absl::AlreadyExistsError(
        absl::StrCat(path, ": exists already and is not overwritten"));
  }
  return CannotWrite(path);
}

// Collects the first error of the text parser, without the text itself.
class FirstError final : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string&) override {
    if (what_.empty()) {
      what_ = absl::StrCat("line ", line + 1, ", column ", column + 1,
                           ": is not what the schema expects here");
    }
  }
  const std::string& what() const { return what_; }

 private:
  std::string what_;
};

// Reads hex of `size` bytes; 0 means any length but none.
absl::StatusOr<Bytes> HexField(absl::string_view field, absl::string_view hex,
                               size_t size) {
  absl::StatusOr<Bytes> bytes = FromHex(hex);
  if (!bytes.ok()) return FieldError(field, "must be hex");
  if (bytes->empty() || (size != 0 && bytes->size() != size)) {
    crypto::Cleanse(absl::MakeSpan(*bytes));
    return FieldError(
        field, size == 0 ? std::string("must be set")
                         : absl::StrCat("must be ", size, " bytes of hex"));
  }
  return bytes;
}

absl::StatusOr<crypto::Secret> SecretHexField(absl::string_view field,
                                              absl::string_view hex,
                                              size_t size) {
  FRANK_ASSIGN_OR_RETURN(Bytes bytes, HexField(field, hex, size));
  crypto::Secret secret = crypto::Secret::Copy(bytes);
  crypto::Cleanse(absl::MakeSpan(bytes));
  return secret;
}

absl::StatusOr<crypto::FrankForm> ParseForm(absl::string_view form) {
  if (form == "none") return crypto::FrankForm::kNone;
  if (form == "each") return crypto::FrankForm::kEach;
  if (form == "batched") return crypto::FrankForm::kBatched;
  return FieldError("form", "must be none, each or batched");
}

absl::Status CheckHolder(const config::v1::KeyWindow& window,
                         crypto::FrankForm form, RingHolder holder) {
  bool has_private = !window.franking_private_key().empty();
  if (holder == RingHolder::kModeration && has_private) {
    return FieldError("franking_private_key",
                      "must not be in moderation's key ring");
  }
  if (holder == RingHolder::kPlatform && !has_private &&
      form != crypto::FrankForm::kNone) {
    return FieldError("franking_private_key",
                      "must be set in the platform's key ring");
  }
  return absl::OkStatus();
}

absl::Status CheckNoFrankingKey(const config::v1::KeyWindow& window) {
  if (window.franking_private_key().empty() &&
      window.franking_public_key().empty()) {
    return absl::OkStatus();
  }
  return FieldError("franking_public_key",
                    "must not be set in a window that does not sign");
}

// A key that is said to be destroyed must not lie in the file.
absl::Status CheckNoKeys(const config::v1::KeyWindow& window) {
  if (!window.hub_key().empty()) {
    return FieldError("hub_key", "must not be set in a tombstone");
  }
  return CheckNoFrankingKey(window);
}

absl::StatusOr<crypto::KeyWindow> ParseWindow(
    const config::v1::KeyWindow& window, RingHolder holder) {
  crypto::KeyWindow out;
  out.not_before = window.not_before();
  out.not_after = window.not_after();
  out.tombstone = window.tombstone();
  if (window.tombstone()) {
    FRANK_RETURN_IF_ERROR(CheckNoKeys(window));
    return out;
  }
  FRANK_ASSIGN_OR_RETURN(out.form, ParseForm(window.form()));
  FRANK_RETURN_IF_ERROR(CheckHolder(window, out.form, holder));
  FRANK_ASSIGN_OR_RETURN(out.hub_key,
                         SecretHexField("hub_key", window.hub_key(), 32));
  if (out.form == crypto::FrankForm::kNone) {
    FRANK_RETURN_IF_ERROR(CheckNoFrankingKey(window));
    return out;
  }
  if (holder == RingHolder::kPlatform) {
    FRANK_ASSIGN_OR_RETURN(out.franking_seed,
                           SecretHexField("franking_private_key",
                                          window.franking_private_key(), 32));
  }
  FRANK_ASSIGN_OR_RETURN(
      out.franking_public_key,
      HexField("franking_public_key", window.franking_public_key(), 32));
  return out;
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path,
                                     size_t max_bytes) {
  std::string text;
  FRANK_RETURN_IF_ERROR(
      Read(path, Access::kAny, max_bytes, [&](int fd, size_t size) {
        text.resize(size);
        return ReadInto(
            path, fd,
            absl::MakeSpan(reinterpret_cast<uint8_t*>(&text[0]), size));
      }));
  return text;
}

absl::StatusOr<crypto::Secret> ReadSecretFile(const std::string& path) {
  crypto::Secret secret;
  FRANK_RETURN_IF_ERROR(
      Read(path, Access::kOwnerOnly, kMaxFileBytes, [&](int fd, size_t size) {
        secret = crypto::Secret::OfSize(size);
        return ReadInto(path, fd, secret.mutable_bytes());
      }));
  return secret;
}

absl::Status WriteFile(const std::string& path, absl::string_view contents,
                       FileMode mode, bool replace) {
  // mkstemp makes a file that was not there, for its owner only.
  std::string temporary = path + ".XXXXXX";
  int fd = mkstemp(&temporary[0]);
  if (fd < 0) return CannotWrite(path);
  absl::Status written = WriteAll(path, fd, contents);
  if (written.ok() && mode == FileMode::kPublic && fchmod(fd, 0644) != 0) {
    written = CannotWrite(path);
  }
  if (close(fd) != 0 && written.ok()) written = CannotWrite(path);
  if (written.ok()) written = Name(temporary, path, replace);
  // Gone already where it was renamed.
  unlink(temporary.c_str());
  FRANK_RETURN_IF_ERROR(written);
  return SyncFolderOf(path);
}

absl::Status ParseTextProto(const std::string& path, absl::string_view text,
                            google::protobuf::Message* out) {
  FirstError error;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  google::protobuf::io::ArrayInputStream input(text.data(),
                                               static_cast<int>(text.size()));
  if (!parser.Parse(&input, out)) return Wrong(path, error.what());
  return absl::OkStatus();
}

std::string PrintTextProto(const google::protobuf::Message& message) {
  std::string text;
  google::protobuf::TextFormat::PrintToString(message, &text);
  return text;
}

absl::StatusOr<crypto::KeyRing> LoadKeyRing(const std::string& path,
                                            RingHolder holder) {
  FRANK_ASSIGN_OR_RETURN(auto file,
                         ReadSecretTextProto<config::v1::KeyRing>(path));
  absl::Cleanup cleanse = [&file] {
    for (config::v1::KeyWindow& window : *file.mutable_window()) {
      CleanseText(window.mutable_hub_key());
      CleanseText(window.mutable_franking_private_key());
    }
  };
  std::vector<crypto::KeyWindow> windows;
  for (int i = 0; i < file.window_size(); ++i) {
    absl::StatusOr<crypto::KeyWindow> window =
        ParseWindow(file.window(i), holder);
    if (!window.ok()) {
      return InFile(path,
                    InField(absl::StrCat("window[", i, "]"), window.status()));
    }
    windows.push_back(*std::move(window));
  }
  absl::StatusOr<crypto::KeyRing> ring =
      crypto::KeyRing::Create(file.authority(), std::move(windows));
  if (!ring.ok()) return InFile(path, ring.status());
  return ring;
}

absl::StatusOr<crypto::KeyRings> LoadKeyRings(
    const std::vector<std::string>& paths, RingHolder holder) {
  std::vector<crypto::KeyRing> rings;
  std::set<std::string> authorities;
  for (const std::string& path : paths) {
    FRANK_ASSIGN_OR_RETURN(crypto::KeyRing ring, LoadKeyRing(path, holder));
    if (!authorities.insert(std::string(ring.authority())).second) {
      return Wrong(path, "authority: has a key ring in another file already");
    }
    rings.push_back(std::move(ring));
  }
  return crypto::KeyRings::Create(std::move(rings));
}

absl::StatusOr<ReviewKey> LoadReviewKey(const std::string& path) {
  FRANK_ASSIGN_OR_RETURN(auto file,
                         ReadSecretTextProto<config::v1::ReviewKey>(path));
  absl::StatusOr<crypto::Secret> secret =
      SecretHexField("private_key", file.private_key(), 32);
  const bool has_key = !file.private_key().empty();
  CleanseText(file.mutable_private_key());
  if (file.tombstone() && has_key) {
    return Wrong(path, "private_key: must be empty in a tombstone");
  }
  if (!file.tombstone() && !secret.ok()) return InFile(path, secret.status());
  absl::StatusOr<Bytes> bytes = HexField("record", file.record(), 0);
  if (!bytes.ok()) return InFile(path, bytes.status());
  absl::StatusOr<crypto::ReviewKeyRecord> record =
      crypto::ParseReviewKeyRecord(*bytes);
  if (!record.ok()) return InFile(path, record.status());
  ReviewKeyId id = crypto::ReviewKeyIdOf(*bytes);
  if (file.tombstone()) {
    return ReviewKey{absl::nullopt, *std::move(record), *std::move(bytes), id};
  }
  absl::StatusOr<crypto::HpkePrivateKey> key =
      crypto::HpkePrivateKey::Create(*secret);
  if (!key.ok()) return InFile(path, key.status());
  if (key->public_key().bytes() != record->public_key.bytes()) {
    return Wrong(path, "private_key: does not belong to the record");
  }
  return ReviewKey{*std::move(key), *std::move(record), *std::move(bytes), id};
}

absl::StatusOr<crypto::SignedRecord> LoadSignedRecord(const std::string& path) {
  FRANK_ASSIGN_OR_RETURN(auto file,
                         ReadTextProto<config::v1::SignedRecord>(path));
  absl::StatusOr<Bytes> record = HexField("record", file.record(), 0);
  if (!record.ok()) return InFile(path, record.status());
  absl::StatusOr<Bytes> signature = HexField("signature", file.signature(), 64);
  if (!signature.ok()) return InFile(path, signature.status());
  return crypto::SignedRecord{*std::move(record), ToArray<64>(*signature)};
}

absl::StatusOr<crypto::Secret> LoadSecretKey(const std::string& path,
                                             absl::string_view purpose,
                                             size_t size) {
  FRANK_ASSIGN_OR_RETURN(auto file,
                         ReadSecretTextProto<config::v1::SecretKey>(path));
  absl::StatusOr<crypto::Secret> key = SecretHexField("key", file.key(), size);
  CleanseText(file.mutable_key());
  if (file.purpose() != purpose) {
    return Wrong(path, absl::StrCat("purpose: must be \"", purpose, "\""));
  }
  if (!key.ok()) return InFile(path, key.status());
  return key;
}

absl::Status WriteSecretKey(const std::string& path, absl::string_view purpose,
                            const crypto::Secret& key) {
  config::v1::SecretKey file;
  file.set_purpose(std::string(purpose));
  file.set_key(ToHex(key.bytes()));
  std::string text = PrintTextProto(file);
  CleanseText(file.mutable_key());
  absl::Status written = WriteFile(path, text, FileMode::kSecret);
  CleanseText(&text);
  return written;
}

absl::StatusOr<Bytes> LoadPublicKey(const std::string& path,
                                    absl::string_view purpose) {
  FRANK_ASSIGN_OR_RETURN(auto file, ReadTextProto<config::v1::PublicKey>(path));
  if (file.purpose() != purpose) {
    return Wrong(path, absl::StrCat("purpose: must be \"", purpose, "\""));
  }
  absl::StatusOr<Bytes> key = HexField("public_key", file.public_key(), 32);
  if (!key.ok()) return InFile(path, key.status());
  return key;
}

absl::Status WritePublicKey(const std::string& path, absl::string_view purpose,
                            ByteSpan key) {
  config::v1::PublicKey file;
  file.set_purpose(std::string(purpose));
  file.set_public_key(ToHex(key));
  return WriteFile(path, PrintTextProto(file), FileMode::kPublic);
}

}  // namespace frank::wire

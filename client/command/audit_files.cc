#include "client/command/audit_files.h"

#include <unistd.h>

#include <cstdio>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/status.h"
#include "proto/files.h"

namespace frank::client {
namespace {

constexpr char kFirstLine[] = "frank-audit/1";
constexpr absl::string_view kSignatureMark = "\xE2\x80\x94 ";  // em dash, space

bool Exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

}  // namespace

LogFileWriter::LogFileWriter(std::string path)
    : path_(std::move(path)), file_(path_, std::ios::binary) {}

LogFileWriter::LogFileWriter(LogFileWriter&& other) noexcept
    : path_(std::exchange(other.path_, "")), file_(std::move(other.file_)) {}

LogFileWriter::~LogFileWriter() {
  if (!path_.empty()) std::remove(path_.c_str());
}

absl::Status LogFileWriter::Failed() const {
  return absl::FailedPreconditionError(
      absl::StrCat(path_, ": cannot be written"));
}

absl::StatusOr<LogFileWriter> LogFileWriter::Create(const std::string& path) {
  if (Exists(path)) {
    return absl::AlreadyExistsError(absl::StrCat(path, ": exists already"));
  }
  LogFileWriter writer(path);
  if (!(writer.file_ << kFirstLine << '\n')) return writer.Failed();
  return writer;
}

absl::Status LogFileWriter::Add(ByteSpan entry) {
  return file_ << ToBase64(entry) << '\n' ? absl::OkStatus() : Failed();
}

absl::Status LogFileWriter::Finish(absl::string_view checkpoint) {
  file_ << '\n' << checkpoint;
  file_.close();
  if (!file_) return Failed();
  path_.clear();
  return absl::OkStatus();
}

absl::StatusOr<LogFileReader> LogFileReader::Open(const std::string& path) {
  LogFileReader reader(path);
  if (!reader.file_) {
    std::string what = absl::StrCat(path, ": cannot be read");
    return errno == ENOENT ? absl::NotFoundError(what)
                           : absl::FailedPreconditionError(what);
  }
  std::string line;
  if (!std::getline(reader.file_, line) || line != kFirstLine) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": is not an export of an audit log"));
  }
  return reader;
}

absl::StatusOr<absl::optional<Bytes>> LogFileReader::Next() {
  std::string line;
  if (!std::getline(file_, line)) {
    return absl::InvalidArgumentError("the export has no checkpoint");
  }
  if (line.empty()) return absl::optional<Bytes>();
  FRANK_ASSIGN_OR_RETURN(Bytes entry, FromBase64(line));
  return absl::make_optional(std::move(entry));
}

std::string LogFileReader::Checkpoint() {
  return std::string(std::istreambuf_iterator<char>(file_), {});
}

absl::StatusOr<std::vector<std::string>> ReadNotes(const std::string& path) {
  std::vector<std::string> notes;
  if (!Exists(path)) return notes;
  FRANK_ASSIGN_OR_RETURN(std::string text, wire::ReadFile(path));
  // A note ends with its signatures, and an empty line follows.
  bool is_signed = true;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (is_signed && !absl::StartsWith(line, kSignatureMark)) {
      if (line.empty()) continue;
      notes.emplace_back();
    }
    is_signed = absl::StartsWith(line, kSignatureMark);
    if (notes.empty()) notes.emplace_back();
    absl::StrAppend(&notes.back(), line, "\n");
  }
  return notes;
}

absl::Status AppendNote(const std::string& path, absl::string_view note) {
  std::string text;
  if (Exists(path)) {
    FRANK_ASSIGN_OR_RETURN(text, wire::ReadFile(path));
  }
  if (!text.empty()) text += "\n";
  absl::StrAppend(&text, note);
  return wire::WriteFile(path, text, wire::FileMode::kPublic,
                         /*replace=*/true);
}

}  // namespace frank::client

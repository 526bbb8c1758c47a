#include "crypto/checkpoint.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "crypto/encoding.h"
#include "crypto/errors.h"

namespace frank::crypto {
namespace {

constexpr uint8_t kEd25519 = 0x01;
constexpr size_t kKeyIdBytes = 4;
constexpr absl::string_view kSignatureMark = "\xE2\x80\x94 ";  // em dash, space

absl::Status Malformed(absl::string_view rule) {
  return FieldError("checkpoint", rule);
}

absl::Status CheckName(absl::string_view field, absl::string_view name) {
  FRANK_RETURN_IF_ERROR(CheckUri(field, name));
  if (name.find('+') == name.npos) return absl::OkStatus();
  return FieldError(field, "must not hold '+'");
}

absl::StatusOr<Bytes> Base64Field(absl::string_view field,
                                  absl::string_view text) {
  absl::StatusOr<Bytes> bytes = FromBase64(text);
  if (bytes.ok()) return bytes;
  return FieldError(field, "must be canonical base64");
}

struct NoteSignature {
  absl::string_view name;
  Bytes bytes;  // key_id || signature
};

absl::StatusOr<NoteSignature> ParseSignature(absl::string_view line) {
  if (!absl::ConsumePrefix(&line, kSignatureMark)) {
    return Malformed("signature lines must begin with an em dash");
  }
  std::pair<absl::string_view, absl::string_view> halves =
      absl::StrSplit(line, absl::MaxSplits(' ', 1));
  NoteSignature signature{halves.first, {}};
  FRANK_RETURN_IF_ERROR(CheckName("name", signature.name));
  FRANK_ASSIGN_OR_RETURN(signature.bytes,
                         Base64Field("signature", halves.second));
  if (signature.bytes.size() <= kKeyIdBytes) {
    return FieldError("signature", "must begin with a key id");
  }
  return signature;
}

// The extension line that says when a checkpoint was signed, the first.
constexpr absl::string_view kTimeLine = "time ";

struct Note {
  absl::string_view text;  // with the line feed of its last line
  std::vector<NoteSignature> signatures;
};

bool IsNoteText(absl::string_view text) {
  bool control = std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<uint8_t>(c) < 0x20 && c != '\n';
  });
  return !control && IsWellFormedUtf8(text);
}

absl::StatusOr<Note> ParseNote(absl::string_view bytes) {
  if (bytes.size() > limits::kMaxCheckpointBytes || !IsNoteText(bytes)) {
    return Malformed("must be at most 64 KiB of UTF-8 lines");
  }
  // Blank lines may stand in the text, so it is the last one that ends it.
  size_t blank = bytes.rfind("\n\n");
  if (blank == bytes.npos) {
    return Malformed("must be text, a blank line, and signature lines");
  }
  Note note{bytes.substr(0, blank + 1), {}};
  absl::string_view lines = bytes.substr(blank + 2);
  if (!absl::ConsumeSuffix(&lines, "\n")) {
    return Malformed("must have a signature");
  }
  for (absl::string_view line : absl::StrSplit(lines, '\n')) {
    if (note.signatures.size() == limits::kMaxNoteSignatures) {
      return Malformed("has too many signatures");
    }
    FRANK_ASSIGN_OR_RETURN(NoteSignature signature, ParseSignature(line));
    note.signatures.push_back(std::move(signature));
  }
  return note;
}

absl::StatusOr<uint64_t> ParseDecimal(absl::string_view field,
                                      absl::string_view text) {
  uint64_t number = 0;
  // Only what is written back the same: no sign, zero or space in front.
  if (!absl::SimpleAtoi(text, &number) || absl::StrCat(number) != text) {
    return FieldError(field, "must be a decimal number");
  }
  return number;
}

}  // namespace

CheckpointVerifier::CheckpointVerifier(std::string origin, Ed25519PublicKey key)
    : origin_(std::move(origin)), key_(std::move(key)) {
  Sha256Digest hash = Sha256(
      {AsBytes(origin_), AsBytes("\n"), ByteSpan(&kEd25519, 1), key_.bytes()});
  key_id_ = ToArray<kKeyIdBytes>(ByteSpan(hash).first(kKeyIdBytes));
}

absl::StatusOr<CheckpointVerifier> CheckpointVerifier::Create(
    absl::string_view origin, Ed25519PublicKey key) {
  FRANK_RETURN_IF_ERROR(CheckName("origin", origin));
  return CheckpointVerifier(ToString(AsBytes(origin)), std::move(key));
}

absl::StatusOr<CheckpointVerifier> CheckpointVerifier::ParseVkey(
    absl::string_view vkey) {
  std::vector<absl::string_view> pieces =
      absl::StrSplit(vkey, absl::MaxSplits('+', 2));
  if (pieces.size() != 3) return FieldError("vkey", "must be name+id+key");
  FRANK_ASSIGN_OR_RETURN(Bytes typed, Base64Field("vkey", pieces[2]));
  if (typed.size() != 1 + kEd25519KeyBytes || typed[0] != kEd25519) {
    return FieldError("vkey", "must be of an Ed25519 key");
  }
  FRANK_ASSIGN_OR_RETURN(Ed25519PublicKey key,
                         Ed25519PublicKey::Create(ByteSpan(typed).subspan(1)));
  FRANK_ASSIGN_OR_RETURN(CheckpointVerifier verifier,
                         Create(pieces[0], std::move(key)));
  if (ToHex(verifier.key_id_) != pieces[1]) {
    return FieldError("vkey", "must have the id of its key");
  }
  return verifier;
}

std::string CheckpointVerifier::Vkey() const {
  Bytes typed = Encoder().U8(kEd25519).Raw(key_.bytes()).Take();
  return absl::StrCat(origin_, "+", ToHex(key_id_), "+", ToBase64(typed));
}

absl::StatusOr<Checkpoint> CheckpointVerifier::Open(
    absl::string_view bytes) const {
  FRANK_ASSIGN_OR_RETURN(Note note, ParseNote(bytes));
  bool verified = false;
  for (const NoteSignature& signature : note.signatures) {
    ByteSpan both = signature.bytes;
    if (signature.name != origin_ || both.first(kKeyIdBytes) != key_id_) {
      continue;
    }
    FRANK_RETURN_IF_ERROR(
        key_.VerifyPlain(AsBytes(note.text), both.subspan(kKeyIdBytes)));
    verified = true;
  }
  if (!verified) return Unauthenticated();
  // The text's last line feed ends a line and begins none.
  note.text.remove_suffix(1);
  std::vector<absl::string_view> lines = absl::StrSplit(note.text, '\n');
  if (lines.size() < 3) return Malformed("must have at least three lines");
  if (std::find(lines.begin(), lines.end(), "") != lines.end()) {
    return Malformed("lines must not be empty");
  }
  if (lines[0] != origin_) return Unauthenticated();
  Checkpoint checkpoint;
  FRANK_ASSIGN_OR_RETURN(checkpoint.size, ParseDecimal("size", lines[1]));
  FRANK_ASSIGN_OR_RETURN(Bytes root, Base64Field("root", lines[2]));
  if (root.size() != checkpoint.root.size()) {
    return FieldError("root", "must be 32 bytes");
  }
  checkpoint.root = ToArray<32>(root);
  if (lines.size() > 3 && absl::ConsumePrefix(&lines[3], kTimeLine)) {
    // What is no time is somebody else's extension line.
    checkpoint.time = ParseDecimal("time", lines[3]).value_or(0);
  }
  return checkpoint;
}

absl::StatusOr<CheckpointSigner> CheckpointSigner::Create(
    absl::string_view origin, Ed25519PrivateKey key) {
  FRANK_ASSIGN_OR_RETURN(CheckpointVerifier verifier,
                         CheckpointVerifier::Create(origin, key.public_key()));
  return CheckpointSigner(std::move(verifier), std::move(key));
}

absl::StatusOr<std::string> CheckpointSigner::Sign(
    const Checkpoint& checkpoint) const {
  std::string text = absl::StrCat(verifier_.origin_, "\n", checkpoint.size,
                                  "\n", ToBase64(checkpoint.root), "\n");
  if (checkpoint.time != 0) {
    absl::StrAppend(&text, kTimeLine, checkpoint.time, "\n");
  }
  FRANK_ASSIGN_OR_RETURN(Signature signature, key_.SignPlain(AsBytes(text)));
  Bytes both = Encoder().Raw(verifier_.key_id_).Raw(signature).Take();
  return absl::StrCat(text, "\n", kSignatureMark, verifier_.origin_, " ",
                      ToBase64(both), "\n");
}

}  // namespace frank::crypto

#include "crypto/audit_entry.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "core/uri.h"
#include "crypto/canonical_json.h"
#include "crypto/encoding.h"

namespace frank::crypto {
namespace {

constexpr uint8_t kVersion = 1;

absl::Status CheckName(absl::string_view field, absl::string_view text) {
  if (!text.empty() && IsWellFormedUtf8(text)) return absl::OkStatus();
  return FieldError(field, "must be non-empty UTF-8");
}

absl::Status CheckNames(const AuditEntry& entry) {
  FRANK_RETURN_IF_ERROR(CheckName("actor", entry.actor));
  FRANK_RETURN_IF_ERROR(CheckName("act", entry.act));
  return CheckName("subject", entry.subject);
}

absl::StatusOr<std::string> Text(absl::string_view field, Decoder* decoder) {
  FRANK_ASSIGN_OR_RETURN(ByteSpan bytes, decoder->Vec(field));
  return ToString(bytes);
}

absl::Status CheckDetails(absl::string_view json, JsonShape shape) {
  if (IsCanonicalJsonObject(json, shape)) return absl::OkStatus();
  return FieldError("details", shape == JsonShape::kFlat
                                   ? "must be a flat canonical JSON object"
                                   : "must be a canonical JSON object");
}

}  // namespace

absl::StatusOr<Bytes> Serialize(const AuditEntry& entry) {
  FRANK_RETURN_IF_ERROR(CheckNames(entry));
  FRANK_RETURN_IF_ERROR(CheckAuditDetails(entry.details));
  return Encoder()
      .U8(kVersion)
      .U64(entry.time)
      .Vec(absl::string_view(entry.actor))
      .Vec(absl::string_view(entry.act))
      .Vec(absl::string_view(entry.subject))
      .Vec(absl::string_view(entry.details))
      .Take();
}

absl::StatusOr<AuditEntry> ParseAuditEntry(ByteSpan bytes) {
  Decoder decoder(bytes);
  FRANK_ASSIGN_OR_RETURN(uint8_t version, decoder.U8("version"));
  if (version != kVersion) return FieldError("version", "must be 1");
  AuditEntry entry;
  FRANK_ASSIGN_OR_RETURN(entry.time, decoder.U64("time"));
  FRANK_ASSIGN_OR_RETURN(entry.actor, Text("actor", &decoder));
  FRANK_ASSIGN_OR_RETURN(entry.act, Text("act", &decoder));
  FRANK_ASSIGN_OR_RETURN(entry.subject, Text("subject", &decoder));
  FRANK_ASSIGN_OR_RETURN(entry.details, Text("details", &decoder));
  FRANK_RETURN_IF_ERROR(decoder.Finish("entry"));
  FRANK_RETURN_IF_ERROR(CheckNames(entry));
  FRANK_RETURN_IF_ERROR(CheckDetails(entry.details, JsonShape::kAny));
  return entry;
}

absl::Status CheckAuditDetails(absl::string_view json) {
  return CheckDetails(json, JsonShape::kFlat);
}

absl::optional<uint64_t> FindActNumber(const AuditEntry& entry) {
  if (!CheckAuditDetails(entry.details).ok()) return absl::nullopt;
  // In a flat canonical object this can be a key only: quotes within texts are
  // escaped, and no colon follows a value.
  std::string key = absl::StrCat("\"", kActNumber, "\":");
  size_t at = entry.details.find(key);
  if (at == std::string::npos) return absl::nullopt;
  absl::string_view rest(entry.details);
  rest.remove_prefix(at + key.size());
  uint64_t number = 0;
  if (!absl::SimpleAtoi(rest.substr(0, rest.find_first_of(",}")), &number)) {
    return absl::nullopt;
  }
  return number;
}

AuditDetails& AuditDetails::Set(absl::string_view key, absl::string_view text) {
  std::string value;
  AppendJsonString(text, &value);
  values_[std::string(key)] = std::move(value);
  return *this;
}

AuditDetails& AuditDetails::Set(absl::string_view key, uint64_t integer) {
  values_[std::string(key)] = absl::StrCat(integer);
  return *this;
}

AuditDetails& AuditDetails::SetBool(absl::string_view key, bool value) {
  values_[std::string(key)] = value ? "true" : "false";
  return *this;
}

AuditDetails& AuditDetails::SetHex(absl::string_view key, ByteSpan bytes) {
  return Set(key, absl::string_view(ToHex(bytes)));
}

std::string AuditDetails::Json() const {
  // A map of ASCII keys is in the order of UTF-16 already.
  std::string json = "{";
  for (const auto& [key, value] : values_) {
    if (json.size() > 1) json.push_back(',');
    AppendJsonString(key, &json);
    absl::StrAppend(&json, ":", value);
  }
  json.push_back('}');
  FRANK_CHECK(CheckAuditDetails(json).ok());
  return json;
}

}  // namespace frank::crypto

#include "client/command/people_view.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/command/text.h"
#include "client/file_transfer.h"
#include "core/uri.h"

namespace frank::client {
namespace {

const char* SchemeName(crypto::Scheme scheme) {
  return scheme == crypto::Scheme::kWhole ? "whole" : "parts";
}

bool IsText(const crypto::Part& part) {
  return absl::StartsWith(part.media_type, "text/") &&
         IsWellFormedUtf8(AsText(part.body));
}

bool IsFileKey(const crypto::Part& part) {
  return part.media_type == crypto::kFileKeyMediaType;
}

JsonObject PartJson(const VerifiedMessage& message, uint32_t index) {
  const crypto::Part& part = message.parts()[index];
  JsonObject json;
  json.Number("index", index).Text("media_type", part.media_type);
  if (IsText(part)) return json.Text("text", AsText(part.body));
  absl::StatusOr<AnnouncedFile> file = FindFile(message, index);
  if (!file.ok()) return json.Number("bytes", part.body.size());
  return json.Text("file_name", file->file.name)
      .Number("file_bytes", file->file.length)
      .Text("file_media_type", file->file.media_type);
}

std::string PartText(const VerifiedMessage& message, uint32_t index) {
  const crypto::Part& part = message.parts()[index];
  std::string label =
      message.parts().size() > 1 ? absl::StrCat("[", index, "] ") : "";
  if (IsText(part)) {
    std::string text = Indented(AsText(part.body), "    ");
    return label.empty() ? text : absl::StrCat("  ", label, "\n", text);
  }
  absl::StatusOr<AnnouncedFile> file = FindFile(message, index);
  if (!file.ok()) {
    return absl::StrCat("  ", label, Printable(part.media_type), ", ",
                        part.body.size(), " bytes");
  }
  return absl::StrCat("  ", label, "file ", Printable(file->file.name), ", ",
                      Printable(file->file.media_type), ", ", file->file.length,
                      " bytes");
}

}  // namespace

JsonObject MessageJson(uint64_t number, const VerifiedMessage& message) {
  std::vector<JsonObject> parts;
  for (uint32_t i = 0; i < message.parts().size(); ++i) {
    if (IsFileKey(message.parts()[i])) continue;
    parts.push_back(PartJson(message, i));
  }
  JsonObject object;
  object.Number("number", number)
      .Text("from", message.sender_uri())
      .Text("room", message.room_uri())
      .Number("accepted_at", message.frank().accepted_timestamp)
      .Text("scheme", SchemeName(message.scheme()))
      .Hex("franking_tag", message.frank().tag.bytes())
      .Objects("parts", parts);
  if (message.mimi_content()) {
    object.Number("mimi_content_bytes", message.mimi_content()->size());
  }
  return object;
}

std::string MessageText(uint64_t number, const VerifiedMessage& message) {
  std::string text =
      absl::StrCat(number, "  ", Printable(message.sender_uri()), "  ",
                   FormatTime(message.frank().accepted_timestamp), "\n   in ",
                   Printable(message.room_uri()));
  for (uint32_t i = 0; i < message.parts().size(); ++i) {
    if (IsFileKey(message.parts()[i])) continue;
    absl::StrAppend(&text, "\n", PartText(message, i));
  }
  if (message.mimi_content()) {
    absl::StrAppend(&text, "\n  MIMI content, ", message.mimi_content()->size(),
                    " bytes, which this command does not show");
  }
  return text;
}

std::string RoomKindName(v1::RoomKind kind) {
  if (kind == v1::ROOM_KIND_DIRECT) return "direct";
  return kind == v1::ROOM_KIND_GROUP ? "group" : "unknown";
}

}  // namespace frank::client

#include "services/oidc/json.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "core/status.h"
#include "core/uri.h"
#include "google/protobuf/util/json_util.h"

namespace frank::oidc {

using google::protobuf::Struct;
using google::protobuf::Value;

absl::StatusOr<Struct> ParseJsonObject(absl::string_view text) {
  Struct object;
  if (!IsWellFormedUtf8(text) ||
      !google::protobuf::util::JsonStringToMessage(std::string(text), &object)
           .ok()) {
    return FieldError("json", "must be an object");
  }
  return object;
}

const Value* FindMember(const Struct& object, const std::string& name) {
  auto found = object.fields().find(name);
  return found == object.fields().end() ? nullptr : &found->second;
}

absl::optional<std::string> FindText(const Struct& object,
                                     const std::string& name) {
  const Value* value = FindMember(object, name);
  if (value == nullptr || value->kind_case() != Value::kStringValue) {
    return absl::nullopt;
  }
  return value->string_value();
}

absl::optional<double> FindNumber(const Struct& object,
                                  const std::string& name) {
  const Value* value = FindMember(object, name);
  if (value == nullptr || value->kind_case() != Value::kNumberValue) {
    return absl::nullopt;
  }
  return value->number_value();
}

absl::optional<std::vector<std::string>> FindTexts(const Struct& object,
                                                   const std::string& name) {
  const Value* value = FindMember(object, name);
  if (value == nullptr) return absl::nullopt;
  if (value->kind_case() == Value::kStringValue) {
    return std::vector<std::string>{value->string_value()};
  }
  if (value->kind_case() != Value::kListValue) return absl::nullopt;
  std::vector<std::string> texts;
  for (const Value& item : value->list_value().values()) {
    if (item.kind_case() != Value::kStringValue) return absl::nullopt;
    texts.push_back(item.string_value());
  }
  return texts;
}

absl::StatusOr<std::string> DecodeBase64Url(absl::string_view text) {
  for (char c : text) {
    // The library would pass over spaces and take padding.
    if (!absl::ascii_isalnum(c) && c != '-' && c != '_') {
      return FieldError("base64url", "must have its characters alone");
    }
  }
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(text, &bytes)) {
    return FieldError("base64url", "must have a length that can be");
  }
  return bytes;
}

}  // namespace frank::oidc

#include "proto/canonical_json.h"

#include <map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "crypto/canonical_json.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"

namespace frank::wire {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

void AppendMessage(const Message& message, std::string* out);

void AppendText(const std::string& text, std::string* out) {
  crypto::AppendJsonString(text, out);
}

// The value of a field that is not repeated.
void AppendSingle(const Message& message, const FieldDescriptor& field,
                  std::string* out) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return AppendText(reflection.GetString(message, &field), out);
    case FieldDescriptor::CPPTYPE_BOOL:
      return absl::StrAppend(
          out, reflection.GetBool(message, &field) ? "true" : "false");
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrAppend(out, reflection.GetUInt32(message, &field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return absl::StrAppend(out, reflection.GetUInt64(message, &field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return AppendMessage(reflection.GetMessage(message, &field), out);
    default:
      Die("canonical JSON of a type that no schema has");
  }
}

void AppendElement(const Message& message, const FieldDescriptor& field,
                   int index, std::string* out) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return AppendText(reflection.GetRepeatedString(message, &field, index),
                        out);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return AppendMessage(
          reflection.GetRepeatedMessage(message, &field, index), out);
    default:
      Die("canonical JSON of a list that no schema has");
  }
}

void AppendValue(const Message& message, const FieldDescriptor& field,
                 std::string* out) {
  if (!field.is_repeated()) return AppendSingle(message, field, out);
  out->push_back('[');
  const int size = message.GetReflection()->FieldSize(message, &field);
  for (int i = 0; i < size; ++i) {
    if (i > 0) out->push_back(',');
    AppendElement(message, field, i, out);
  }
  out->push_back(']');
}

void AppendMessage(const Message& message, std::string* out) {
  std::vector<const FieldDescriptor*> set;
  message.GetReflection()->ListFields(message, &set);
  // Names are ASCII: their order is that of UTF-16 code units.
  std::map<std::string, const FieldDescriptor*> sorted;
  for (const FieldDescriptor* field : set) sorted[field->name()] = field;
  char separator = '{';
  for (const auto& [name, field] : sorted) {
    out->push_back(separator);
    separator = ',';
    AppendText(name, out);
    out->push_back(':');
    AppendValue(message, *field, out);
  }
  absl::StrAppend(out, sorted.empty() ? "{}" : "}");
}

}  // namespace

std::string ToCanonicalJson(const Message& message) {
  std::string json;
  AppendMessage(message, &json);
  return json;
}

absl::Status FromCanonicalJson(absl::string_view json, Message* message) {
  const auto refused = [] {
    return FieldError("json", "must be canonical and of its schema");
  };
  if (!crypto::IsCanonicalJsonObject(json, crypto::JsonShape::kAny)) {
    return refused();
  }
  const google::protobuf::StringPiece text(json.data(), json.size());
  if (!google::protobuf::util::JsonStringToMessage(text, message).ok()) {
    return refused();
  }
  // The library takes numbers in quotes, other spellings and null as well.
  return ToCanonicalJson(*message) == json ? absl::OkStatus() : refused();
}

}  // namespace frank::wire

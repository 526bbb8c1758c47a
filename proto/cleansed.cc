#include "proto/cleansed.h"

#include <vector>

#include "crypto/secret.h"

namespace frank::wire {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// There is no way to a field's own bytes but this one.
void CleanseConst(const std::string& text) {
  CleanseText(const_cast<std::string*>(&text));
}

void CleanseField(Message* message, const FieldDescriptor* field) {
  const Reflection* reflection = message->GetReflection();
  bool is_text = field->cpp_type() == FieldDescriptor::CPPTYPE_STRING;
  bool is_message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  std::string scratch;
  if (!field->is_repeated()) {
    if (is_text) {
      CleanseConst(reflection->GetStringReference(*message, field, &scratch));
    }
    if (is_message) CleanseFields(reflection->MutableMessage(message, field));
    return;
  }
  for (int i = 0; i < reflection->FieldSize(*message, field); ++i) {
    if (is_text) {
      CleanseConst(
          reflection->GetRepeatedStringReference(*message, field, i, &scratch));
    }
    if (is_message) {
      CleanseFields(reflection->MutableRepeatedMessage(message, field, i));
    }
  }
}

}  // namespace

void CleanseText(std::string* text) {
  if (text->empty()) return;
  crypto::Cleanse(
      absl::MakeSpan(reinterpret_cast<uint8_t*>(&(*text)[0]), text->size()));
}

void CleanseFields(Message* message) {
  std::vector<const FieldDescriptor*> fields;
  message->GetReflection()->ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) CleanseField(message, field);
}

}  // namespace frank::wire

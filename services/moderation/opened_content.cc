#include "services/moderation/opened_content.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "crypto/secret.h"

namespace frank::moderation {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

void Overwrite(const std::string& text) {
  // Owned by the message, which is about to go.
  auto* bytes = reinterpret_cast<uint8_t*>(const_cast<char*>(text.data()));
  crypto::Cleanse(absl::Span<uint8_t>(bytes, text.size()));
}

void OverwriteStrings(const Message& message) {
  const google::protobuf::Reflection* reflection = message.GetReflection();
  // Set fields only: the default of a string is shared.
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const bool repeated = field->is_repeated();
    const int count = repeated ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        OverwriteStrings(repeated
                             ? reflection->GetRepeatedMessage(message, field, i)
                             : reflection->GetMessage(message, field));
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        std::string unused;
        Overwrite(
            repeated ? reflection->GetRepeatedStringReference(message, field, i,
                                                              &unused)
                     : reflection->GetStringReference(message, field, &unused));
      }
    }
  }
}

}  // namespace

std::shared_ptr<const v1::ReportContent> KeepContent(
    v1::ReportContent content) {
  return std::shared_ptr<const v1::ReportContent>(
      new v1::ReportContent(std::move(content)),
      [](const v1::ReportContent* kept) {
        OverwriteStrings(*kept);
        delete kept;
      });
}

}  // namespace frank::moderation

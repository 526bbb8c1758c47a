// What arrives as protobuf inside encryption, and the count of elements that
// guards the parser: the first byte chooses the type.
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/status.h"
#include "frank/v1/frank.pb.h"
#include "proto/elements.h"
#include "proto/wire.h"

namespace {

using frank::ByteSpan;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr size_t kBudget = 64;

// The elements of a parsed message, counted the long way.
size_t Elements(const Message& message) {
  const google::protobuf::Reflection* reflection = message.GetReflection();
  size_t count =
      static_cast<size_t>(reflection->GetUnknownFields(message).field_count());
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    bool is_message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!field->is_repeated()) {
      if (is_message) count += Elements(reflection->GetMessage(message, field));
      continue;
    }
    int size = reflection->FieldSize(message, field);
    count += static_cast<size_t>(size);
    for (int i = 0; is_message && i < size; ++i) {
      count += Elements(reflection->GetRepeatedMessage(message, field, i));
    }
  }
  return count;
}

// What fits the budget by its bytes fits it in memory.
void CheckCount(Message* message, ByteSpan bytes) {
  int size = static_cast<int>(bytes.size());
  google::protobuf::io::ArrayInputStream stream(bytes.data(), size);
  if (!frank::wire::HasAtMostElements(*message->GetDescriptor(), stream,
                                      kBudget)) {
    return;
  }
  if (message->ParseFromArray(bytes.data(), size)) {
    FRANK_CHECK(Elements(*message) <= kBudget);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  ByteSpan bytes(data + 1, size - 1);
  switch (data[0] % 3) {
    case 0: {
      frank::v1::Payload payload;
      CheckCount(&payload, bytes);
      auto parsed = frank::wire::ParsePayload(bytes);
      if (parsed.ok()) FRANK_CHECK(!frank::wire::HasUnknownFields(*parsed));
      return 0;
    }
    case 1: {
      frank::v1::ReportContent content;
      CheckCount(&content, bytes);
      (void)frank::wire::ParseReportContent(bytes);
      return 0;
    }
    default: {
      frank::v1::Envelope envelope;
      CheckCount(&envelope, bytes);
      if (envelope.ParseFromArray(bytes.data(),
                                  static_cast<int>(bytes.size()))) {
        (void)frank::wire::CheckEnvelope(envelope);
      }
      return 0;
    }
  }
}

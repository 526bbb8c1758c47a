#include "proto/grpc/guarded_requests.h"

#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/proto_buffer_writer.h>

#include "core/limits.h"
#include "core/status.h"
#include "google/protobuf/unknown_field_set.h"
#include "proto/elements.h"

namespace frank::wire {
namespace {

using google::protobuf::Message;
using google::protobuf::UnknownFieldSet;

// No schema has it. A client that sends it has its request refused.
constexpr int kRefusedField = (1 << 29) - 1;
// An element takes two bytes at least.
constexpr size_t kUncountedBytes = 2 * limits::kMaxRequestElements;

bool IsTooRich(grpc::ByteBuffer* buffer, const Message& request) {
  const size_t bytes = buffer->Length();
  if (bytes <= kUncountedBytes) return false;
  grpc::ProtoBufferReader reader(buffer);
  return reader.status().ok() &&
         !HasAtMostElements(
             *request.GetDescriptor(), reader,
             limits::kMaxRequestElements + bytes / limits::kBytesOfAnElement);
}

}  // namespace

grpc::Status GuardedRequest::Serialize(
    const google::protobuf::MessageLite& request, grpc::ByteBuffer* buffer,
    bool* own_buffer) {
  return grpc::GenericSerialize<grpc::ProtoBufferWriter, Message>(
      request, buffer, own_buffer);
}

grpc::Status GuardedRequest::Deserialize(grpc::ByteBuffer* buffer,
                                         Message* request) {
  if (buffer != nullptr && !IsTooRich(buffer, *request) &&
      grpc::GenericDeserialize<grpc::ProtoBufferReader, Message>(buffer,
                                                                 request)
          .ok()) {
    return grpc::Status::OK;
  }
  if (buffer != nullptr) buffer->Clear();
  request->Clear();
  request->GetReflection()->MutableUnknownFields(request)->AddVarint(
      kRefusedField, 1);
  return grpc::Status::OK;
}

absl::Status RefusalOf(const Message& request) {
  const UnknownFieldSet& unknown =
      request.GetReflection()->GetUnknownFields(request);
  for (int i = 0; i < unknown.field_count(); ++i) {
    if (unknown.field(i).number() != kRefusedField) continue;
    return FieldError("request",
                      "must be a protobuf message of its type, without very "
                      "many small elements");
  }
  return absl::OkStatus();
}

}  // namespace frank::wire

// How the generated services read requests, before anybody is authenticated.
// Each generated header includes this and names its request types to gRPC
// (cmake/Protos.cmake).
#ifndef FRANK_PROTO_GRPC_GUARDED_REQUESTS_H_
#define FRANK_PROTO_GRPC_GUARDED_REQUESTS_H_

#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/serialization_traits.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace frank::wire {

// The SerializationTraits of requests. What is no message of its type, or has
// more elements than limits::kMaxRequestElements and one for each
// limits::kBytesOfAnElement, is not parsed: it arrives empty, with a mark that
// RefusalOf finds. To fail instead would have gRPC answer UNIMPLEMENTED, or end
// a stream as if its client had.
struct GuardedRequest {
  static grpc::Status Serialize(const google::protobuf::MessageLite& request,
                                grpc::ByteBuffer* buffer, bool* own_buffer);
  static grpc::Status Deserialize(grpc::ByteBuffer* buffer,
                                  google::protobuf::Message* request);
};

// kInvalidArgument, about the field "request", for one that was not parsed.
absl::Status RefusalOf(const google::protobuf::Message& request);

}  // namespace frank::wire

#endif  // FRANK_PROTO_GRPC_GUARDED_REQUESTS_H_

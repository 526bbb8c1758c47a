// Messages as canonical JSON (RFC 8785), for what is signed and read by others.
#ifndef FRANK_PROTO_CANONICAL_JSON_H_
#define FRANK_PROTO_CANONICAL_JSON_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace google::protobuf {
class Message;
}

namespace frank::wire {

// Writes a message of strings, bools, uint32, uint64 below 2^53 and messages of
// those, by the proto3 mapping with the fields' own names; integers are
// numbers, and fields without a value are left out. Other types abort: the
// schemas are the program's own. Texts that are not UTF-8 and larger integers
// give what FromCanonicalJson refuses.
std::string ToCanonicalJson(const google::protobuf::Message& message);

// Reads what ToCanonicalJson writes and nothing else. kInvalidArgument "json".
absl::Status FromCanonicalJson(absl::string_view json,
                               google::protobuf::Message* message);

}  // namespace frank::wire

#endif  // FRANK_PROTO_CANONICAL_JSON_H_

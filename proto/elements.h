// How large a message would become in memory, told from its bytes.
#ifndef FRANK_PROTO_ELEMENTS_H_
#define FRANK_PROTO_ELEMENTS_H_

#include <cstddef>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/zero_copy_stream.h"

namespace frank::wire {

// Says whether the bytes are a message of the type with at most `budget`
// elements, without making any of them: two bytes on the wire may become a
// hundred in memory. Elements are those of repeated fields, down to the last
// message, and fields that the schema does not have. Groups, which no schema of
// ours has, make it no message.
bool HasAtMostElements(const google::protobuf::Descriptor& type,
                       google::protobuf::io::ZeroCopyInputStream& bytes,
                       size_t budget);

}  // namespace frank::wire

#endif  // FRANK_PROTO_ELEMENTS_H_

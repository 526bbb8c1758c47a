// Writes a frank.v1.Payload straight into a buffer of its final size, so that
// content is copied once. Parsers see no difference from the generated class.
#ifndef FRANK_CLIENT_PAYLOAD_WRITER_H_
#define FRANK_CLIENT_PAYLOAD_WRITER_H_

#include <initializer_list>

#include "absl/types/span.h"
#include "client/commit.h"
#include "core/bytes.h"
#include "crypto/secret.h"

namespace frank::client {

// Content given in pieces, one behind the other.
using Pieces = std::initializer_list<ByteSpan>;

// A payload in which one opening was written; the views are into `payload`.
struct WrittenWhole {
  crypto::Secret payload;
  ByteSpan salt;
  ByteSpan content;
};
WrittenWhole WritePayload(const MessageContext& context, ByteSpan salt,
                          Pieces content, bool mimi_content);

struct WrittenParts {
  crypto::Secret payload;
  ByteSpan root_salt;
  std::vector<ByteSpan> parts;
};
WrittenParts WritePayload(const MessageContext& context, ByteSpan root_salt,
                          absl::Span<const crypto::Part> parts);

}  // namespace frank::client

#endif  // FRANK_CLIENT_PAYLOAD_WRITER_H_

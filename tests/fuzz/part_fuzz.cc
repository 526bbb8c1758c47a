// Parts of a message, the announcing parts of files among them. What parses
// must encode to the same bytes.
#include <cstddef>
#include <cstdint>

#include "core/status.h"
#include "crypto/commitment.h"
#include "crypto/file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using frank::ByteSpan;
  ByteSpan input(data, size);
  if (auto part = frank::crypto::ParsePart(input); part.ok()) {
    auto again = frank::crypto::EncodePart(part->media_type, part->body);
    FRANK_CHECK(again.ok() && ByteSpan(*again) == input);
  }
  if (auto file = frank::crypto::ParseFilePart(input); file.ok()) {
    auto again = frank::crypto::EncodeFilePart(*file);
    FRANK_CHECK(again.ok() && ByteSpan(*again) == input);
  }
  if (auto key = frank::crypto::ParseFileKeyPart(input); key.ok()) {
    auto again = frank::crypto::EncodeFileKeyPart(*key);
    FRANK_CHECK(again.ok() && again->bytes() == input);
  }
  return 0;
}

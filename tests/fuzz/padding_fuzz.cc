// Unpadding, and the vec() decoder over the same bytes. What unpads must pad to
// the same bytes again.
#include <cstddef>
#include <cstdint>

#include "core/status.h"
#include "crypto/encoding.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using frank::ByteSpan;
  ByteSpan input(data, size);
  if (auto unpadded = frank::crypto::Unpad(input); unpadded.ok()) {
    FRANK_CHECK(ByteSpan(frank::crypto::Pad(*unpadded, size)) == input);
  }
  frank::crypto::Decoder decoder(input);
  frank::crypto::Encoder encoder;
  size_t taken = 0;
  for (auto vec = decoder.Vec("vec"); vec.ok(); vec = decoder.Vec("vec")) {
    encoder.Vec(*vec);
    taken = encoder.bytes().size();
    FRANK_CHECK(ByteSpan(encoder.bytes()) == input.first(taken));
  }
  return 0;
}

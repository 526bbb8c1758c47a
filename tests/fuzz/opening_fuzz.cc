// Openings whose counts, indices, lengths and proofs come from outside: the
// first byte chooses the kind, the rest is cut into its fields. Nothing opens a
// tag of zeros.
#include <cstddef>
#include <cstdint>

#include "core/status.h"
#include "crypto/commitment.h"
#include "crypto/encoding.h"

namespace {

using frank::ByteSpan;
using frank::crypto::Decoder;
using frank::crypto::Opening;

ByteSpan TakeVec(Decoder* decoder) {
  auto vec = decoder->Vec("field");
  return vec.ok() ? *vec : ByteSpan();
}

Opening ReadParts(Decoder* decoder) {
  frank::crypto::PartsOpening opening{TakeVec(decoder), {}};
  for (auto part = decoder->Vec("part"); part.ok();
       part = decoder->Vec("part")) {
    opening.parts.push_back(*part);
  }
  return opening;
}

Opening ReadSomeParts(Decoder* decoder) {
  frank::crypto::SomePartsOpening opening;
  opening.size = decoder->U32("size").value_or(0);
  for (auto index = decoder->U32("index"); index.ok();
       index = decoder->U32("index")) {
    frank::crypto::OpenedPart part;
    part.index = *index;
    part.part_salt = TakeVec(decoder);
    part.part = TakeVec(decoder);
    uint8_t nodes = decoder->U8("nodes").value_or(0);
    for (int i = 0; i < nodes; ++i) {
      part.inclusion_proof.push_back(TakeVec(decoder));
    }
    opening.parts.push_back(part);
  }
  return opening;
}

Opening Read(Decoder* decoder) {
  switch (decoder->U8("kind").value_or(0) % 3) {
    case 0: {
      bool mimi = decoder->U8("mimi").value_or(0) % 2 == 1;
      ByteSpan salt = TakeVec(decoder);
      return frank::crypto::WholeOpening{salt, decoder->Rest(), mimi};
    }
    case 1:
      return ReadParts(decoder);
    default:
      return ReadSomeParts(decoder);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Decoder decoder(ByteSpan(data, size));
  Opening opening = Read(&decoder);
  FRANK_CHECK(!VerifyOpening(frank::FrankingTag(), opening).ok());
  return 0;
}

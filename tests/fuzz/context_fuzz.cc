// The context of a frank, and a frank's fields cut out of the same bytes. What
// parses must encode to the same bytes; a frank that parses keeps its rules.
#include <cstddef>
#include <cstdint>

#include "core/limits.h"
#include "core/status.h"
#include "crypto/encoding.h"
#include "crypto/frank.h"

namespace {

using frank::ByteSpan;

void ParseContextOf(ByteSpan input) {
  auto context = frank::crypto::ParseContext(input);
  if (!context.ok()) return;
  FRANK_CHECK(ByteSpan(frank::crypto::EncodeContext(*context)) == input);
}

// vec(tag) vec(sender) vec(room) u64 vec(server_frank) u32(suite) u8(form)
// vec(signature) u32(size) u32(index) vec(node)…
bool ReadFields(ByteSpan input, frank::crypto::FrankFields* out) {
  frank::crypto::Decoder decoder(input);
  auto vec = [&](ByteSpan* to) {
    auto read = decoder.Vec("field");
    if (read.ok()) *to = *read;
    return read.ok();
  };
  ByteSpan sender, room;
  if (!vec(&out->franking_tag) || !vec(&sender) || !vec(&room)) return false;
  out->sender_uri = frank::AsText(sender);
  out->room_uri = frank::AsText(room);
  out->accepted_timestamp = decoder.U64("time").value_or(0);
  if (!vec(&out->server_frank)) return false;
  out->ciphersuite = decoder.U32("suite").value_or(0);
  uint8_t form = decoder.U8("form").value_or(0);
  ByteSpan signature;
  if (form % 3 == 0 || !vec(&signature)) return true;
  out->integrity = signature;
  if (form % 3 == 1) return true;
  frank::crypto::BatchShareFields share;
  share.signature = signature;
  share.size = decoder.U32("size").value_or(0);
  share.index = decoder.U32("index").value_or(0);
  for (ByteSpan node; vec(&node);) share.inclusion_proof.push_back(node);
  out->integrity = share;
  return true;
}

void ParseFrankOf(ByteSpan input) {
  frank::crypto::FrankFields fields;
  if (!ReadFields(input, &fields)) return;
  auto frank = frank::crypto::ParseFrank(fields);
  if (!frank.ok()) return;
  FRANK_CHECK(frank::crypto::CheckContext(frank->context()).ok());
  if (auto* share =
          absl::get_if<frank::crypto::BatchShare>(&frank->integrity)) {
    FRANK_CHECK(share->index < share->size);
    FRANK_CHECK(share->size <= frank::limits::kMaxFrankBatch);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ParseContextOf(ByteSpan(data, size));
  ParseFrankOf(ByteSpan(data, size));
  return 0;
}

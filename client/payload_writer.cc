#include "client/payload_writer.h"

#include <cstring>

#include "crypto/encoding.h"
#include "frank/v1/frank.pb.h"
#include "google/protobuf/wire_format_lite.h"

namespace frank::client {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedOutputStream;
using v1::Payload;

// Length of a length-delimited field with its tag; all our tags are one byte.
size_t FieldSize(size_t size) {
  return 1 + CodedOutputStream::VarintSize64(size) + size;
}

size_t ContextSize(const MessageContext& context) {
  return FieldSize(context.sender_uri.size()) +
         FieldSize(context.room_uri.size()) + 1 +
         CodedOutputStream::VarintSize64(context.sent_at);
}

uint8_t* WriteHeader(int field, size_t size, uint8_t* out) {
  out = WireFormatLite::WriteTagToArray(
      field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED, out);
  return CodedOutputStream::WriteVarint64ToArray(size, out);
}

uint8_t* WriteRaw(ByteSpan bytes, uint8_t* out) {
  if (!bytes.empty()) std::memcpy(out, bytes.data(), bytes.size());
  return out + bytes.size();
}

uint8_t* WriteField(int field, ByteSpan bytes, uint8_t* out) {
  return WriteRaw(bytes, WriteHeader(field, bytes.size(), out));
}

uint8_t* WriteContext(const MessageContext& context, uint8_t* out) {
  out = WriteField(Payload::kSenderUriFieldNumber, AsBytes(context.sender_uri),
                   out);
  out =
      WriteField(Payload::kRoomUriFieldNumber, AsBytes(context.room_uri), out);
  return WireFormatLite::WriteUInt64ToArray(Payload::kSentAtFieldNumber,
                                            context.sent_at, out);
}

}  // namespace

WrittenWhole WritePayload(const MessageContext& context, ByteSpan salt,
                          Pieces content, bool mimi_content) {
  size_t content_size = 0;
  for (ByteSpan piece : content) content_size += piece.size();
  size_t size =
      FieldSize(salt.size()) + FieldSize(content_size) + (mimi_content ? 2 : 0);
  WrittenWhole written;
  written.payload =
      crypto::Secret::OfSize(ContextSize(context) + FieldSize(size));
  uint8_t* out = written.payload.mutable_bytes().data();
  out = WriteContext(context, out);
  out = WriteHeader(Payload::kWholeFieldNumber, size, out);
  out = WriteField(Payload::Whole::kSaltFieldNumber, salt, out);
  written.salt = ByteSpan(out - salt.size(), salt.size());
  out = WriteHeader(Payload::Whole::kContentFieldNumber, content_size, out);
  written.content = ByteSpan(out, content_size);
  for (ByteSpan piece : content) out = WriteRaw(piece, out);
  if (mimi_content) {
    WireFormatLite::WriteBoolToArray(Payload::Whole::kMimiContentFieldNumber,
                                     true, out);
  }
  return written;
}

WrittenParts WritePayload(const MessageContext& context, ByteSpan root_salt,
                          absl::Span<const crypto::Part> parts) {
  std::vector<Bytes> headers;
  size_t size = FieldSize(root_salt.size());
  for (const crypto::Part& part : parts) {
    headers.push_back(crypto::Encoder().Vec(part.media_type).Take());
    size += FieldSize(headers.back().size() + part.body.size());
  }
  WrittenParts written;
  written.payload =
      crypto::Secret::OfSize(ContextSize(context) + FieldSize(size));
  uint8_t* out = written.payload.mutable_bytes().data();
  out = WriteContext(context, out);
  out = WriteHeader(Payload::kPartsFieldNumber, size, out);
  out = WriteField(Payload::Parts::kRootSaltFieldNumber, root_salt, out);
  written.root_salt = ByteSpan(out - root_salt.size(), root_salt.size());
  for (size_t i = 0; i < parts.size(); ++i) {
    size_t part_size = headers[i].size() + parts[i].body.size();
    out = WriteHeader(Payload::Parts::kPartFieldNumber, part_size, out);
    written.parts.emplace_back(out, part_size);
    out = WriteRaw(parts[i].body, WriteRaw(headers[i], out));
  }
  return written;
}

}  // namespace frank::client

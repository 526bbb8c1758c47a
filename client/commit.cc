#include "client/commit.h"

#include <utility>

#include "client/payload_writer.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "crypto/encoding.h"

namespace frank::client {
namespace {

absl::Status CheckContext(const MessageContext& context) {
  FRANK_RETURN_IF_ERROR(CheckUri("sender_uri", context.sender_uri));
  return CheckUri("room_uri", context.room_uri);
}

// A salt that ends in 16 zero bytes is refused by recipients: HMAC pads keys
// with zeros. One in 2^128 draws is drawn again.
crypto::Secret DrawSalt(RandomSource& random) {
  crypto::Secret salt = crypto::Secret::Random(random, limits::kSaltBytes);
  const Bytes zeros(limits::kMimiSaltBytes, 0);
  while (crypto::ConstantTimeEquals(
      salt.bytes().subspan(limits::kMimiSaltBytes), zeros)) {
    salt = crypto::Secret::Random(random, limits::kSaltBytes);
  }
  return salt;
}

absl::StatusOr<Committed> Commit(WrittenWhole written, bool mimi_content) {
  FRANK_ASSIGN_OR_RETURN(
      FrankingTag tag,
      crypto::CommitWhole({written.salt, written.content, mimi_content}));
  return Committed{crypto::Scheme::kWhole, tag, std::move(written.payload)};
}

}  // namespace

absl::StatusOr<Committed> CommitWhole(const MessageContext& context,
                                      const crypto::Part& part,
                                      RandomSource& random) {
  FRANK_RETURN_IF_ERROR(CheckContext(context));
  FRANK_RETURN_IF_ERROR(CheckMediaType("media_type", part.media_type));
  Bytes header = crypto::Encoder().Vec(part.media_type).Take();
  return Commit(WritePayload(context, DrawSalt(random).bytes(),
                             {header, part.body}, false),
                false);
}

absl::StatusOr<Committed> CommitParts(const MessageContext& context,
                                      absl::Span<const crypto::Part> parts,
                                      RandomSource& random) {
  FRANK_RETURN_IF_ERROR(CheckContext(context));
  for (const crypto::Part& part : parts) {
    FRANK_RETURN_IF_ERROR(CheckMediaType("media_type", part.media_type));
  }
  WrittenParts written = WritePayload(
      context, crypto::Secret::Random(random, limits::kSaltBytes).bytes(),
      parts);
  FRANK_ASSIGN_OR_RETURN(
      FrankingTag tag, crypto::CommitParts({written.root_salt, written.parts}));
  return Committed{crypto::Scheme::kParts, tag, std::move(written.payload)};
}

absl::StatusOr<Committed> CommitMimi(const MessageContext& context,
                                     ByteSpan salt, ByteSpan application_data) {
  FRANK_RETURN_IF_ERROR(CheckContext(context));
  return Commit(WritePayload(context, salt, {application_data}, true), true);
}

}  // namespace frank::client

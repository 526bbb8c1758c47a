#include "crypto/file.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "crypto/aead.h"
#include "crypto/encoding.h"

namespace frank::crypto {
namespace {

constexpr absl::string_view kChunkLabel = "frank/1 chunk";

using ChunkNonce = std::array<uint8_t, kAeadNonceBytes>;
using ChunkAad =
    std::array<uint8_t, kChunkLabel.size() + limits::kTagBytes + 8>;

ChunkNonce NonceOf(uint32_t index) {
  ChunkNonce nonce{};
  std::array<uint8_t, 4> number = BigEndian(index);
  std::copy(number.begin(), number.end(), nonce.begin() + 8);
  return nonce;
}

ChunkAad AadOf(const FrankingTag& tag, uint32_t chunks, uint32_t index) {
  ChunkAad aad;
  auto end = std::copy(kChunkLabel.begin(), kChunkLabel.end(), aad.begin());
  end = std::copy(tag.bytes().begin(), tag.bytes().end(), end);
  std::array<uint8_t, 4> number = BigEndian(chunks);
  end = std::copy(number.begin(), number.end(), end);
  number = BigEndian(index);
  std::copy(number.begin(), number.end(), end);
  return aad;
}

absl::Status CheckIndex(uint32_t index, uint32_t chunks) {
  if (index < chunks) return absl::OkStatus();
  return FieldError("index", "must be below the number of chunks");
}

absl::Status CheckFile(const FilePart& file) {
  FRANK_RETURN_IF_ERROR(ChunkCount(file.length).status());
  return CheckMediaType("file.media_type", file.media_type);
}

absl::StatusOr<ByteSpan> BodyOf(ByteSpan bytes, absl::string_view media_type) {
  FRANK_ASSIGN_OR_RETURN(Part part, ParsePart(bytes));
  if (part.media_type != media_type) {
    return FieldError("media_type", "must be that of this kind of part");
  }
  return part.body;
}

}  // namespace

absl::StatusOr<uint32_t> ChunkCount(uint64_t length) {
  if (length > limits::kMaxFileBytes) {
    return FieldError("length", "must be at most 2^36 bytes");
  }
  uint64_t chunks = (length + limits::kChunkBytes - 1) / limits::kChunkBytes;
  return static_cast<uint32_t>(std::max<uint64_t>(chunks, 1));
}

size_t ChunkLength(uint64_t length, uint32_t index) {
  uint64_t begin = uint64_t{index} * limits::kChunkBytes;
  if (begin >= length) return 0;
  return std::min<uint64_t>(length - begin, limits::kChunkBytes);
}

absl::StatusOr<FileCommitter> FileCommitter::Create(ByteSpan file_root_salt,
                                                    uint64_t length) {
  FRANK_ASSIGN_OR_RETURN(uint32_t chunks, ChunkCount(length));
  FRANK_ASSIGN_OR_RETURN(PartsCommitter parts,
                         PartsCommitter::Create(file_root_salt, chunks));
  return FileCommitter(std::move(parts), length);
}

absl::Status FileCommitter::Add(ByteSpan chunk) {
  if (chunk.size() != ChunkLength(length_, next_)) {
    return FieldError("chunk", "must have the length due to it");
  }
  FRANK_RETURN_IF_ERROR(parts_.Add("", chunk));
  ++next_;
  return absl::OkStatus();
}

absl::StatusOr<PartsCommitment> FileCommitter::Finish() && {
  return std::move(parts_).Finish();
}

absl::StatusOr<ChunkCipher> ChunkCipher::Create(const Secret& file_key,
                                                const FrankingTag& file_tag,
                                                uint32_t chunks) {
  if (file_key.size() != kAeadKeyBytes) {
    return FieldError("file_key", "must be 16 bytes");
  }
  return ChunkCipher(file_key.Clone(), file_tag, chunks);
}

absl::Status ChunkCipher::Seal(uint32_t index, ByteSpan chunk,
                               absl::Span<uint8_t> out) const {
  FRANK_RETURN_IF_ERROR(CheckIndex(index, chunks_));
  return AeadSeal(key_.bytes(), NonceOf(index), AadOf(tag_, chunks_, index),
                  chunk, out);
}

absl::Status ChunkCipher::Open(uint32_t index, ByteSpan ciphertext,
                               absl::Span<uint8_t> out) const {
  FRANK_RETURN_IF_ERROR(CheckIndex(index, chunks_));
  return AeadOpen(key_.bytes(), NonceOf(index), AadOf(tag_, chunks_, index),
                  ciphertext, out);
}

absl::StatusOr<Bytes> EncodeFilePart(const FilePart& file) {
  FRANK_RETURN_IF_ERROR(CheckFile(file));
  if (file.name.size() > kMaxVecBytes) {
    return FieldError("name", "must be shorter than 2^30 bytes");
  }
  return Encoder(384 + file.name.size())
      .Vec(absl::string_view(kFileMediaType))
      .Raw(file.file_tag.bytes())
      .U64(file.length)
      .Vec(file.media_type)
      .Vec(file.name)
      .Take();
}

absl::StatusOr<FilePart> ParseFilePart(ByteSpan part) {
  FRANK_ASSIGN_OR_RETURN(ByteSpan body, BodyOf(part, kFileMediaType));
  Decoder decoder(body);
  FilePart file;
  FRANK_ASSIGN_OR_RETURN(ByteSpan tag,
                         decoder.Raw("file_tag", FrankingTag::kSize));
  FRANK_ASSIGN_OR_RETURN(file.file_tag, FrankingTag::Parse("file_tag", tag));
  FRANK_ASSIGN_OR_RETURN(file.length, decoder.U64("length"));
  FRANK_ASSIGN_OR_RETURN(ByteSpan media_type, decoder.Vec("file.media_type"));
  FRANK_ASSIGN_OR_RETURN(ByteSpan name, decoder.Vec("name"));
  FRANK_RETURN_IF_ERROR(decoder.Finish("file"));
  file.media_type = AsText(media_type);
  file.name = AsText(name);
  FRANK_RETURN_IF_ERROR(CheckFile(file));
  return file;
}

absl::StatusOr<Secret> EncodeFileKeyPart(const FileKeyPart& key) {
  if (key.file_root_salt.size() != limits::kSaltBytes) {
    return FieldError("file_root_salt", "must be 32 bytes");
  }
  if (key.file_key.size() != kAeadKeyBytes) {
    return FieldError("file_key", "must be 16 bytes");
  }
  // Reserved whole, so that no copy of the key is left behind by growing.
  Bytes encoded = Encoder(128)
                      .Vec(absl::string_view(kFileKeyMediaType))
                      .Raw(key.file_root_salt.bytes())
                      .Raw(key.file_key.bytes())
                      .Take();
  Secret part = Secret::Copy(encoded);
  Cleanse(absl::MakeSpan(encoded));
  return part;
}

absl::StatusOr<FileKeyPart> ParseFileKeyPart(ByteSpan part) {
  FRANK_ASSIGN_OR_RETURN(ByteSpan body, BodyOf(part, kFileKeyMediaType));
  Decoder decoder(body);
  FRANK_ASSIGN_OR_RETURN(ByteSpan salt,
                         decoder.Raw("file_root_salt", limits::kSaltBytes));
  FRANK_ASSIGN_OR_RETURN(ByteSpan key, decoder.Raw("file_key", kAeadKeyBytes));
  FRANK_RETURN_IF_ERROR(decoder.Finish("file_key"));
  return FileKeyPart{Secret::Copy(salt), Secret::Copy(key)};
}

}  // namespace frank::crypto

// Files (protocol section 3): chunks of 65,536 bytes under a PARTS commitment
// of their own, encrypted one by one.
#ifndef FRANK_CRYPTO_FILE_H_
#define FRANK_CRYPTO_FILE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/bytes.h"
#include "core/ids.h"
#include "crypto/commitment.h"
#include "crypto/secret.h"

namespace frank::crypto {

inline constexpr char kFileMediaType[] = "application/vnd.frank.file";
inline constexpr char kFileKeyMediaType[] = "application/vnd.frank.file-key";

// Returns max(1, ceil(length / 65536)). kInvalidArgument above 2^36 bytes.
absl::StatusOr<uint32_t> ChunkCount(uint64_t length);

// Returns the plaintext length of chunk `index`; 0 past the end.
size_t ChunkLength(uint64_t length, uint32_t index);

// Commits to a file that is read once, front to back, and never held: 32 bytes
// are kept of each chunk. Chunk i is the part vec("") || bytes. The commitment
// gives file_tag and opens single chunks. Not thread-safe.
class FileCommitter {
 public:
  // kInvalidArgument on a root salt that is not 32 bytes, or length > 2^36.
  static absl::StatusOr<FileCommitter> Create(ByteSpan file_root_salt,
                                              uint64_t length);

  // Adds the next chunk. kInvalidArgument on a length other than ChunkLength
  // gives for it.
  absl::Status Add(ByteSpan chunk);
  // kFailedPrecondition before the last chunk.
  absl::StatusOr<PartsCommitment> Finish() &&;

 private:
  FileCommitter(PartsCommitter parts, uint64_t length)
      : parts_(std::move(parts)), length_(length) {}
  PartsCommitter parts_;
  uint64_t length_;
  uint32_t next_ = 0;
};

// Encrypts and decrypts the chunks of one file:
//   AES-128-GCM(file_key, 0^8 || u32(i),
//               "frank/1 chunk" || file_tag || u32(n) || u32(i), chunk)
// file_key belongs to one file only. Thread-safe.
class ChunkCipher {
 public:
  // kInvalidArgument on a key that is not 16 bytes.
  static absl::StatusOr<ChunkCipher> Create(const Secret& file_key,
                                            const FrankingTag& file_tag,
                                            uint32_t chunks);

  // `out` is 16 bytes longer than the chunk and may begin at it.
  // kInvalidArgument on index >= n or another length of `out`.
  absl::Status Seal(uint32_t index, ByteSpan chunk,
                    absl::Span<uint8_t> out) const;
  // `out` is 16 bytes shorter. kInvalidArgument as Seal; kUnauthenticated if it
  // is not this chunk of this file.
  absl::Status Open(uint32_t index, ByteSpan ciphertext,
                    absl::Span<uint8_t> out) const;

 private:
  ChunkCipher(Secret key, const FrankingTag& tag, uint32_t chunks)
      : key_(std::move(key)), tag_(tag), chunks_(chunks) {}
  Secret key_;
  FrankingTag tag_;
  uint32_t chunks_;
};

// vec("application/vnd.frank.file") || file_tag || u64(len) || vec(media_type)
//   || vec(name)
// The texts are views. A name is bytes that the sender chose, up to 2^30 - 1;
// whoever shows or saves it checks it first.
struct FilePart {
  FrankingTag file_tag;
  uint64_t length = 0;
  absl::string_view media_type;
  absl::string_view name;
};
// kInvalidArgument on length > 2^36 or a bad media type; ParseFilePart also on
// another part.
absl::StatusOr<Bytes> EncodeFilePart(const FilePart& file);
absl::StatusOr<FilePart> ParseFilePart(ByteSpan part);

// vec("application/vnd.frank.file-key") || file_root_salt || file_key
struct FileKeyPart {
  Secret file_root_salt;
  Secret file_key;
};
// kInvalidArgument on lengths other than 32 and 16.
absl::StatusOr<Secret> EncodeFileKeyPart(const FileKeyPart& key);
absl::StatusOr<FileKeyPart> ParseFileKeyPart(ByteSpan part);

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_FILE_H_

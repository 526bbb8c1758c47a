// The canonical encoding of protocol section 2: everything that is MACed,
// hashed or signed is written by Encoder and read by Decoder.
#ifndef FRANK_CRYPTO_ENCODING_H_
#define FRANK_CRYPTO_ENCODING_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/bytes.h"

namespace frank::crypto {

// The longest x of vec(x).
inline constexpr size_t kMaxVecBytes = (1u << 30) - 1;

// An integer, big-endian, to be hashed without an Encoder.
std::array<uint8_t, 2> BigEndian(uint16_t value);
std::array<uint8_t, 4> BigEndian(uint32_t value);
std::array<uint8_t, 8> BigEndian(uint64_t value);

// Appends encodings to a buffer of its own. A vec longer than kMaxVecBytes
// aborts: callers have checked their limits.
class Encoder {
 public:
  Encoder() = default;
  explicit Encoder(size_t expected_size) { out_.reserve(expected_size); }

  Encoder& U8(uint8_t value);
  Encoder& U16(uint16_t value);
  Encoder& U32(uint32_t value);
  Encoder& U64(uint64_t value);
  // vec(x), RFC 9420 section 2.1.2: the shortest header of 1, 2 or 4 bytes, x.
  Encoder& Vec(ByteSpan bytes);
  // The header alone, for an x of `size` bytes that follows in pieces.
  Encoder& VecHeader(size_t size);
  Encoder& Vec(absl::string_view text) { return Vec(AsBytes(text)); }
  Encoder& Raw(ByteSpan bytes);
  // A quoted label: ASCII without terminator or length.
  Encoder& Label(absl::string_view label) { return Raw(AsBytes(label)); }

  const Bytes& bytes() const { return out_; }
  Bytes Take() { return std::move(out_); }

 private:
  Bytes out_;
};

// Reads what Encoder writes, front to back, as views into the input. Each
// method returns kInvalidArgument, naming `field`, when the input ends too
// early; Vec also on a header that is not the shortest or has the prefix 0b11.
class Decoder {
 public:
  explicit Decoder(ByteSpan input) : rest_(input) {}

  absl::StatusOr<uint8_t> U8(absl::string_view field);
  absl::StatusOr<uint16_t> U16(absl::string_view field);
  absl::StatusOr<uint32_t> U32(absl::string_view field);
  absl::StatusOr<uint64_t> U64(absl::string_view field);
  absl::StatusOr<ByteSpan> Vec(absl::string_view field);
  absl::StatusOr<ByteSpan> Raw(absl::string_view field, size_t size);
  // Takes all that is left.
  ByteSpan Rest();
  // kInvalidArgument, naming `structure`, if anything is left.
  absl::Status Finish(absl::string_view structure) const;

 private:
  absl::StatusOr<uint64_t> Integer(absl::string_view field, size_t size);
  ByteSpan rest_;
};

// Writes the padding of pad(x, n) = x || 0x80 || zeros behind the `used` bytes
// of x at the front of `buffer`, n being its size. Needs used < n.
void PadInPlace(absl::Span<uint8_t> buffer, size_t used);
Bytes Pad(ByteSpan bytes, size_t size);

// Returns x of pad(x, n), a view; n is not checked. kInvalidArgument without
// the 0x80.
absl::StatusOr<ByteSpan> Unpad(ByteSpan padded);

// Returns padme(len + 1), the padded size of a Payload of `len` bytes. padme(L)
// is L for L < 2, else with E = floor(log2 L), S = floor(log2 E) + 1 and mask =
// 2^(E - S) - 1: (L + mask) & ~mask.
uint64_t PadmeSize(uint64_t len);

// Returns the class of a ReportContent of `len` bytes: the least of 4 KiB·2^k
// up to 1 MiB, above that of the multiples of 1 MiB, that is >= len + 1.
uint64_t ReportClassSize(uint64_t len);

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_ENCODING_H_

// Byte strings. Text travels as absl::string_view, bytes as ByteSpan; both are
// views and never own what they show.
#ifndef FRANK_CORE_BYTES_H_
#define FRANK_CORE_BYTES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace frank {

using Bytes = std::vector<uint8_t>;
using ByteSpan = absl::Span<const uint8_t>;

// Views text as bytes and bytes as text, without copying.
inline ByteSpan AsBytes(absl::string_view text) {
  return ByteSpan(reinterpret_cast<const uint8_t*>(text.data()), text.size());
}
inline absl::string_view AsText(ByteSpan bytes) {
  return absl::string_view(reinterpret_cast<const char*>(bytes.data()),
                           bytes.size());
}

inline std::string ToString(ByteSpan bytes) {
  return std::string(AsText(bytes));
}
inline Bytes ToBytes(absl::string_view text) {
  ByteSpan bytes = AsBytes(text);
  return Bytes(bytes.begin(), bytes.end());
}

// Copies exactly N bytes; the caller has checked the length.
template <size_t N>
std::array<uint8_t, N> ToArray(ByteSpan bytes) {
  std::array<uint8_t, N> out{};
  for (size_t i = 0; i < N && i < bytes.size(); ++i) out[i] = bytes[i];
  return out;
}

// Writes lower-case hex.
std::string ToHex(ByteSpan bytes);

// Reads lower- or upper-case hex. kInvalidArgument on an odd length or another
// character.
absl::StatusOr<Bytes> FromHex(absl::string_view hex);

// Base64 of RFC 4648 section 4, padded. kInvalidArgument on what ToBase64 would
// write otherwise.
std::string ToBase64(ByteSpan bytes);
absl::StatusOr<Bytes> FromBase64(absl::string_view base64);

// Big-endian integers for keys and canonical encodings.
void AppendU16(uint16_t value, std::string* out);
void AppendU32(uint32_t value, std::string* out);
void AppendU64(uint64_t value, std::string* out);
uint64_t ReadU64(ByteSpan eight_bytes);

}  // namespace frank

#endif  // FRANK_CORE_BYTES_H_

#include "crypto/encoding.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/status.h"

namespace frank::crypto {
namespace {

template <size_t N>
std::array<uint8_t, N> ToBigEndian(uint64_t value) {
  std::array<uint8_t, N> out;
  for (size_t i = 0; i < N; ++i) {
    out[i] = static_cast<uint8_t>(value >> (8 * (N - 1 - i)));
  }
  return out;
}

absl::Status EndsTooEarly(absl::string_view field) {
  return FieldError(field, "must not end before its length");
}

int FloorLog2(uint64_t value) {
  int log = 0;
  while (value >>= 1) ++log;
  return log;
}

uint64_t Padme(uint64_t length) {
  if (length < 2) return length;
  int exponent = FloorLog2(length);
  int significant = FloorLog2(static_cast<uint64_t>(exponent)) + 1;
  uint64_t mask = (uint64_t{1} << (exponent - significant)) - 1;
  return (length + mask) & ~mask;
}

}  // namespace

std::array<uint8_t, 2> BigEndian(uint16_t value) {
  return ToBigEndian<2>(value);
}
std::array<uint8_t, 4> BigEndian(uint32_t value) {
  return ToBigEndian<4>(value);
}
std::array<uint8_t, 8> BigEndian(uint64_t value) {
  return ToBigEndian<8>(value);
}

Encoder& Encoder::U8(uint8_t value) {
  out_.push_back(value);
  return *this;
}
Encoder& Encoder::U16(uint16_t value) { return Raw(BigEndian(value)); }
Encoder& Encoder::U32(uint32_t value) { return Raw(BigEndian(value)); }
Encoder& Encoder::U64(uint64_t value) { return Raw(BigEndian(value)); }

Encoder& Encoder::Vec(ByteSpan bytes) {
  return VecHeader(bytes.size()).Raw(bytes);
}

Encoder& Encoder::VecHeader(size_t size) {
  FRANK_CHECK(size <= kMaxVecBytes);
  uint32_t length = static_cast<uint32_t>(size);
  if (length < 1u << 6) return U8(static_cast<uint8_t>(length));
  if (length < 1u << 14) return U16(static_cast<uint16_t>(length | 1u << 14));
  return U32(length | 2u << 30);
}

Encoder& Encoder::Raw(ByteSpan bytes) {
  out_.insert(out_.end(), bytes.begin(), bytes.end());
  return *this;
}

absl::StatusOr<uint64_t> Decoder::Integer(absl::string_view field,
                                          size_t size) {
  FRANK_ASSIGN_OR_RETURN(ByteSpan bytes, Raw(field, size));
  uint64_t value = 0;
  for (uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

absl::StatusOr<uint8_t> Decoder::U8(absl::string_view field) {
  FRANK_ASSIGN_OR_RETURN(uint64_t value, Integer(field, 1));
  return static_cast<uint8_t>(value);
}
absl::StatusOr<uint16_t> Decoder::U16(absl::string_view field) {
  FRANK_ASSIGN_OR_RETURN(uint64_t value, Integer(field, 2));
  return static_cast<uint16_t>(value);
}
absl::StatusOr<uint32_t> Decoder::U32(absl::string_view field) {
  FRANK_ASSIGN_OR_RETURN(uint64_t value, Integer(field, 4));
  return static_cast<uint32_t>(value);
}
absl::StatusOr<uint64_t> Decoder::U64(absl::string_view field) {
  return Integer(field, 8);
}

absl::StatusOr<ByteSpan> Decoder::Vec(absl::string_view field) {
  if (rest_.empty()) return EndsTooEarly(field);
  int prefix = rest_[0] >> 6;
  if (prefix == 3) {
    return FieldError(field, "must not have the length prefix 0b11");
  }
  size_t header = size_t{1} << prefix;
  FRANK_ASSIGN_OR_RETURN(uint64_t length, Integer(field, header));
  length &= (uint64_t{1} << (8 * header - 2)) - 1;
  // The least length that needs a header of this size.
  constexpr uint64_t kLeast[] = {0, 1u << 6, 1u << 14};
  if (length < kLeast[prefix]) {
    return FieldError(field, "must have the shortest length header");
  }
  return Raw(field, length);
}

absl::StatusOr<ByteSpan> Decoder::Raw(absl::string_view field, size_t size) {
  if (size > rest_.size()) return EndsTooEarly(field);
  ByteSpan taken = rest_.subspan(0, size);
  rest_.remove_prefix(size);
  return taken;
}

ByteSpan Decoder::Rest() {
  ByteSpan rest = rest_;
  rest_ = {};
  return rest;
}

absl::Status Decoder::Finish(absl::string_view structure) const {
  if (rest_.empty()) return absl::OkStatus();
  return FieldError(structure, "must not have trailing bytes");
}

void PadInPlace(absl::Span<uint8_t> buffer, size_t used) {
  FRANK_CHECK(used < buffer.size());
  buffer[used] = 0x80;
  std::fill(buffer.begin() + static_cast<ptrdiff_t>(used) + 1, buffer.end(), 0);
}

Bytes Pad(ByteSpan bytes, size_t size) {
  Bytes padded(size);
  std::copy(bytes.begin(), bytes.end(), padded.begin());
  PadInPlace(absl::MakeSpan(padded), bytes.size());
  return padded;
}

absl::StatusOr<ByteSpan> Unpad(ByteSpan padded) {
  size_t end = padded.size();
  while (end > 0 && padded[end - 1] == 0) --end;
  if (end == 0 || padded[end - 1] != 0x80) {
    return FieldError("padding", "must be 0x80 and zeros");
  }
  return padded.subspan(0, end - 1);
}

uint64_t PadmeSize(uint64_t len) { return Padme(len + 1); }

uint64_t ReportClassSize(uint64_t len) {
  constexpr uint64_t kLeast = 4 << 10;
  constexpr uint64_t kStep = 1 << 20;
  uint64_t needed = len + 1;
  if (needed > kStep) return (needed + kStep - 1) / kStep * kStep;
  uint64_t size = kLeast;
  while (size < needed) size *= 2;
  return size;
}

}  // namespace frank::crypto

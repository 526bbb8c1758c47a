#include "core/bytes.h"

#include "absl/strings/escaping.h"
#include "core/status.h"

namespace frank {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void AppendBigEndian(uint64_t value, int bytes, std::string* out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out->push_back(static_cast<char>(value >> shift));
  }
}

}  // namespace

std::string ToHex(ByteSpan bytes) {
  return absl::BytesToHexString(AsText(bytes));
}

absl::StatusOr<Bytes> FromHex(absl::string_view hex) {
  if (hex.size() % 2 != 0) {
    return absl::InvalidArgumentError("hex has an odd number of digits");
  }
  Bytes out;
  out.reserve(hex.size() / 2);
  for (size_t i = 0; i < hex.size(); i += 2) {
    int high = HexDigit(hex[i]);
    int low = HexDigit(hex[i + 1]);
    if (high < 0 || low < 0) {
      return absl::InvalidArgumentError(
          "hex holds a character that is no digit");
    }
    out.push_back(static_cast<uint8_t>(high << 4 | low));
  }
  return out;
}

std::string ToBase64(ByteSpan bytes) {
  return absl::Base64Escape(AsText(bytes));
}

absl::StatusOr<Bytes> FromBase64(absl::string_view base64) {
  // The library also takes what is not padded, or holds spaces.
  std::string bytes;
  if (!absl::Base64Unescape(base64, &bytes) ||
      absl::Base64Escape(bytes) != base64) {
    return absl::InvalidArgumentError("not canonical base64");
  }
  return ToBytes(bytes);
}

void AppendU16(uint16_t value, std::string* out) {
  AppendBigEndian(value, 2, out);
}
void AppendU32(uint32_t value, std::string* out) {
  AppendBigEndian(value, 4, out);
}
void AppendU64(uint64_t value, std::string* out) {
  AppendBigEndian(value, 8, out);
}

uint64_t ReadU64(ByteSpan eight_bytes) {
  uint64_t value = 0;
  for (uint8_t byte : eight_bytes.subspan(0, 8)) value = value << 8 | byte;
  return value;
}

}  // namespace frank

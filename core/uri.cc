#include "core/uri.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"

namespace frank {
namespace {

constexpr uint32_t kMalformed = 0xFFFFFFFF;

// Decodes the code point at the front of `text` and removes it; kMalformed when
// the bytes are not its one shortest UTF-8 form.
uint32_t TakeCodePoint(absl::string_view* text) {
  auto byte = [&](size_t i) { return static_cast<uint8_t>((*text)[i]); };
  uint8_t lead = byte(0);
  size_t length = lead < 0x80       ? 1
                  : lead >> 5 == 6  ? 2
                  : lead >> 4 == 14 ? 3
                  : lead >> 3 == 30 ? 4
                                    : 0;
  if (length == 0 || text->size() < length) return kMalformed;
  uint32_t point = length == 1 ? lead : lead & (0x7F >> length);
  for (size_t i = 1; i < length; ++i) {
    if (byte(i) >> 6 != 2) return kMalformed;
    point = point << 6 | (byte(i) & 0x3F);
  }
  constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (point < kLeast[length] || point > 0x10FFFF || surrogate) {
    return kMalformed;
  }
  text->remove_prefix(length);
  return point;
}

bool IsForbidden(uint32_t point) {
  struct Range {
    uint32_t first, last;
  };
  constexpr Range kForbidden[] = {
      {0x0000, 0x0020}, {0x007F, 0x00A0}, {0x1680, 0x1680}, {0x2000, 0x200F},
      {0x2028, 0x202F}, {0x205F, 0x206F}, {0x3000, 0x3000}, {0xFEFF, 0xFEFF}};
  for (const Range& range : kForbidden) {
    if (point >= range.first && point <= range.last) return true;
  }
  return false;
}

// Says whether any of eight bytes is outside U+0021–007E: bytewise below 0x21,
// or above 0x7E.
bool HoldsOther(uint64_t bytes) {
  constexpr uint64_t kEach = 0x0101010101010101;
  uint64_t below = (bytes - kEach * 0x21) & ~bytes;
  uint64_t above = (bytes + kEach * (0x7F - 0x7E)) | bytes;
  return ((below | above) & (kEach * 0x80)) != 0;
}

// Says whether all of the text is U+0021–007E, eight bytes at a time: nearly
// every URI is, and two are checked for each frank. The last eight overlap.
bool IsPlain(absl::string_view text) {
  if (text.size() < sizeof(uint64_t)) return false;
  for (size_t at = 0; at < text.size(); at += sizeof(uint64_t)) {
    uint64_t bytes;
    size_t from = std::min(at, text.size() - sizeof(bytes));
    std::memcpy(&bytes, text.data() + from, sizeof(bytes));
    if (HoldsOther(bytes)) return false;
  }
  return true;
}

}  // namespace

bool IsWellFormedUtf8(absl::string_view text) {
  while (!text.empty()) {
    if (TakeCodePoint(&text) == kMalformed) return false;
  }
  return true;
}

absl::Status CheckUri(absl::string_view field, absl::string_view uri) {
  if (uri.empty() || uri.size() > limits::kMaxUriBytes) {
    return FieldError(
        field, absl::StrCat("must be 1 to ", limits::kMaxUriBytes, " bytes"));
  }
  if (IsPlain(uri)) return absl::OkStatus();
  while (!uri.empty()) {
    uint32_t point = TakeCodePoint(&uri);
    if (point == kMalformed) return FieldError(field, "must be UTF-8");
    if (IsForbidden(point)) {
      return FieldError(field,
                        "must not hold a control, space or direction character "
                        "that protocol section 2 names");
    }
  }
  return absl::OkStatus();
}

absl::string_view AuthorityOf(absl::string_view uri) {
  size_t scheme = uri.find("://");
  if (scheme == absl::string_view::npos || scheme == 0) return {};
  size_t host = scheme + 3;
  auto ends_host = [](char c) { return c == '/' || c == '?' || c == '#'; };
  size_t end = static_cast<size_t>(
      std::find_if(uri.begin() + host, uri.end(), ends_host) - uri.begin());
  if (end == host) return {};
  return uri.substr(0, end);
}

absl::Status CheckAuthority(absl::string_view field,
                            absl::string_view authority) {
  FRANK_RETURN_IF_ERROR(CheckUri(field, authority));
  for (char c : authority) {
    if (static_cast<uint8_t>(c) >= 0x80 || absl::ascii_isupper(c)) {
      return FieldError(field, "must be lower-case ASCII");
    }
  }
  if (AuthorityOf(authority) != authority) {
    return FieldError(field, "must be scheme://host and nothing more");
  }
  return absl::OkStatus();
}

absl::Status CheckMediaType(absl::string_view field,
                            absl::string_view media_type) {
  if (media_type.size() > limits::kMaxMediaTypeBytes) {
    return FieldError(
        field,
        absl::StrCat("must be at most ", limits::kMaxMediaTypeBytes, " bytes"));
  }
  for (char c : media_type) {
    if (c < 0x21 || c > 0x7E) {
      return FieldError(field, "must hold only U+0021 to U+007E");
    }
  }
  return absl::OkStatus();
}

}  // namespace frank

#include "crypto/canonical_json.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "core/uri.h"

namespace frank::crypto {
namespace {

constexpr int kMaxDepth = 16;
constexpr uint64_t kMaxInteger = (uint64_t{1} << 53) - 1;
constexpr char kHexDigits[] = "0123456789abcdef";

// The letter of a two-character escape, or 0.
char EscapeLetter(char c) {
  switch (c) {
    case '"':
    case '\\':
      return c;
    case '\b':
      return 'b';
    case '\t':
      return 't';
    case '\n':
      return 'n';
    case '\f':
      return 'f';
    case '\r':
      return 'r';
    default:
      return 0;
  }
}

// UTF-8 orders as code points do, UTF-16 does not: the surrogates that write
// U+10000 and above sort before U+E000. Swapping those two ranges of lead bytes
// gives UTF-16's order.
bool LessByUtf16(const std::string& a, const std::string& b) {
  auto rank = [](char c) {
    auto byte = static_cast<uint8_t>(c);
    if (byte >= 0xF0) return byte - 0xF0 + 0xEE;
    return byte >= 0xEE ? byte - 0xEE + 0xF6 : int{byte};
  };
  size_t i = 0;
  while (i < a.size() && i < b.size() && a[i] == b[i]) ++i;
  if (i == a.size() || i == b.size()) return a.size() < b.size();
  return rank(a[i]) < rank(b[i]);
}

bool IsAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), absl::ascii_isascii);
}

class Reader {
 public:
  Reader(absl::string_view text, JsonShape shape)
      : rest_(text), flat_(shape == JsonShape::kFlat) {}

  bool Object(int depth) {
    if (depth > kMaxDepth || !Take('{')) return false;
    if (Take('}')) return true;
    std::string last;
    for (bool first = true;; first = false) {
      std::string key;
      if (!String(&key) || (!first && !LessByUtf16(last, key))) return false;
      if (flat_ && !IsAscii(key)) return false;
      if (!Take(':') || !Value(depth)) return false;
      if (Take('}')) return true;
      if (!Take(',')) return false;
      last = std::move(key);
    }
  }
  bool AtEnd() const { return rest_.empty(); }

 private:
  bool Take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool Word(absl::string_view word) {
    if (rest_.substr(0, word.size()) != word) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  bool Value(int depth) {
    if (rest_.empty()) return false;
    switch (rest_[0]) {
      case '{':
        return !flat_ && Object(depth + 1);
      case '[':
        return !flat_ && Array(depth + 1);
      case '"': {
        std::string ignored;
        return String(&ignored);
      }
      default:
        return Word("true") || Word("false") || (!flat_ && Word("null")) ||
               Integer();
    }
  }

  bool Array(int depth) {
    if (depth > kMaxDepth || !Take('[')) return false;
    if (Take(']')) return true;
    while (Value(depth)) {
      if (Take(']')) return true;
      if (!Take(',')) return false;
    }
    return false;
  }

  bool Integer() {
    bool negative = Take('-');
    if (Take('0')) return !negative;
    uint64_t value = 0;
    bool any = false;
    while (!rest_.empty() && absl::ascii_isdigit(rest_[0])) {
      value = value * 10 + static_cast<uint64_t>(rest_[0] - '0');
      if (value > kMaxInteger) return false;
      rest_.remove_prefix(1);
      any = true;
    }
    return any;
  }

  bool String(std::string* out) {
    if (!Take('"')) return false;
    while (!rest_.empty() && rest_[0] != '"') {
      if (Take('\\')) {
        if (!Escape(out)) return false;
        continue;
      }
      if (static_cast<uint8_t>(rest_[0]) < 0x20) return false;
      out->push_back(rest_[0]);
      rest_.remove_prefix(1);
    }
    return Take('"');
  }

  // The one escape that RFC 8785 allows for each character that needs one.
  bool Escape(std::string* out) {
    for (char c = 0; c < 0x20; ++c) {
      std::string written;
      AppendJsonString(absl::string_view(&c, 1), &written);
      if (TakeEscape(written, c, out)) return true;
    }
    return TakeEscape("\"\\\"\"", '"', out) ||
           TakeEscape("\"\\\\\"", '\\', out);
  }

  // `written` is the character as a whole JSON string; the backslash is read.
  bool TakeEscape(absl::string_view written, char c, std::string* out) {
    if (!Word(written.substr(2, written.size() - 3))) return false;
    out->push_back(c);
    return true;
  }

  absl::string_view rest_;
  const bool flat_;
};

}  // namespace

void AppendJsonString(absl::string_view text, std::string* out) {
  out->push_back('"');
  for (char c : text) {
    if (char letter = EscapeLetter(c)) {
      out->push_back('\\');
      out->push_back(letter);
    } else if (static_cast<uint8_t>(c) < 0x20) {
      out->append("\\u00");
      out->push_back(kHexDigits[c >> 4]);
      out->push_back(kHexDigits[c & 15]);
    } else {
      out->push_back(c);
    }
  }
  out->push_back('"');
}

bool IsCanonicalJsonObject(absl::string_view text, JsonShape shape) {
  if (!IsWellFormedUtf8(text)) return false;
  Reader reader(text, shape);
  return reader.Object(1) && reader.AtEnd();
}

}  // namespace frank::crypto

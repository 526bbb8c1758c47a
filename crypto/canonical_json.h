// Canonical JSON (RFC 8785), as far as the audit log's details need it.
#ifndef FRANK_CRYPTO_CANONICAL_JSON_H_
#define FRANK_CRYPTO_CANONICAL_JSON_H_

#include <string>

#include "absl/strings/string_view.h"

namespace frank::crypto {

// kAny: what RFC 8785 allows, but that numbers are integers. kFlat: ASCII keys,
// whose values are strings, booleans and integers only.
enum class JsonShape { kAny, kFlat };

// Says whether `text` is one JSON object in the only form that RFC 8785 gives
// it: well-formed UTF-8, no space, shortest escapes, keys strictly ascending by
// UTF-16 code units at every level. Numbers must be integers between -2^53 and
// 2^53, both excluded, so that every JSON reader sees the same. Nesting ends at
// 16 levels.
bool IsCanonicalJsonObject(absl::string_view text, JsonShape shape);

// Appends `text`, well-formed UTF-8, as a JSON string with RFC 8785's escapes.
void AppendJsonString(absl::string_view text, std::string* out);

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_CANONICAL_JSON_H_

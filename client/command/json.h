// Writing JSON (RFC 8259): only what `--json` needs.
#ifndef FRANK_CLIENT_COMMAND_JSON_H_
#define FRANK_CLIENT_COMMAND_JSON_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/bytes.h"

namespace frank::client {

// Quotes text as a JSON string. Bytes that are not UTF-8 become U+FFFD; what
// IsUnprintable is escaped, so that a terminal is safe from JSON too;
// everything else stays as it is.
std::string JsonQuoted(absl::string_view text);

// An object on one line, members in the order in which they were set. Names are
// the program's own, never a peer's, and each is set once.
class JsonObject {
 public:
  JsonObject& Text(absl::string_view name, absl::string_view value);
  JsonObject& Number(absl::string_view name, uint64_t value);
  // A finite number with six significant digits.
  JsonObject& Real(absl::string_view name, double value);
  JsonObject& Null(absl::string_view name);
  JsonObject& Bool(absl::string_view name, bool value);
  // Bytes as lower-case hex.
  JsonObject& Hex(absl::string_view name, ByteSpan value);
  JsonObject& Hex(absl::string_view name, absl::string_view value);
  JsonObject& Object(absl::string_view name, const JsonObject& value);
  JsonObject& Objects(absl::string_view name,
                      const std::vector<JsonObject>& values);
  JsonObject& Texts(absl::string_view name,
                    const std::vector<std::string>& values);
  JsonObject& Numbers(absl::string_view name,
                      const std::vector<uint64_t>& values);

  std::string ToString() const { return "{" + members_ + "}"; }

 private:
  JsonObject& Raw(absl::string_view name, absl::string_view json);
  std::string members_;
};

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_JSON_H_

#include "client/command/json.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "client/command/text.h"

namespace frank::client {

namespace {

// Above the first plane as a pair of surrogates.
void AppendEscaped(uint32_t code_point, std::string* out) {
  if (code_point < 0x10000) {
    absl::StrAppendFormat(out, "\\u%04x", code_point);
    return;
  }
  uint32_t rest = code_point - 0x10000;
  absl::StrAppendFormat(out, "\\u%04x\\u%04x", 0xD800 + (rest >> 10),
                        0xDC00 + (rest & 0x3FF));
}

}  // namespace

std::string JsonQuoted(absl::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const uint32_t code_point = TakeCodePoint(&text);
    if (code_point == '"' || code_point == '\\') {
      out.push_back('\\');
      out.push_back(static_cast<char>(code_point));
    } else if (code_point == '\n') {
      out += "\\n";
    } else if (IsUnprintable(code_point)) {
      AppendEscaped(code_point, &out);
    } else {
      AppendUtf8(code_point, &out);
    }
  }
  out.push_back('"');
  return out;
}

JsonObject& JsonObject::Raw(absl::string_view name, absl::string_view json) {
  absl::StrAppend(&members_, members_.empty() ? "" : ",", JsonQuoted(name), ":",
                  json);
  return *this;
}

JsonObject& JsonObject::Text(absl::string_view name, absl::string_view value) {
  return Raw(name, JsonQuoted(value));
}
JsonObject& JsonObject::Number(absl::string_view name, uint64_t value) {
  return Raw(name, absl::StrCat(value));
}
JsonObject& JsonObject::Real(absl::string_view name, double value) {
  return Raw(name, absl::StrFormat("%g", value));
}
JsonObject& JsonObject::Null(absl::string_view name) {
  return Raw(name, "null");
}
JsonObject& JsonObject::Bool(absl::string_view name, bool value) {
  return Raw(name, value ? "true" : "false");
}
JsonObject& JsonObject::Hex(absl::string_view name, ByteSpan value) {
  return Text(name, ToHex(value));
}
JsonObject& JsonObject::Hex(absl::string_view name, absl::string_view value) {
  return Hex(name, AsBytes(value));
}
JsonObject& JsonObject::Object(absl::string_view name,
                               const JsonObject& value) {
  return Raw(name, value.ToString());
}

JsonObject& JsonObject::Objects(absl::string_view name,
                                const std::vector<JsonObject>& values) {
  auto print = [](std::string* out, const JsonObject& value) {
    absl::StrAppend(out, value.ToString());
  };
  return Raw(name, absl::StrCat("[", absl::StrJoin(values, ",", print), "]"));
}

JsonObject& JsonObject::Texts(absl::string_view name,
                              const std::vector<std::string>& values) {
  auto print = [](std::string* out, const std::string& value) {
    absl::StrAppend(out, JsonQuoted(value));
  };
  return Raw(name, absl::StrCat("[", absl::StrJoin(values, ",", print), "]"));
}

JsonObject& JsonObject::Numbers(absl::string_view name,
                                const std::vector<uint64_t>& values) {
  return Raw(name, absl::StrCat("[", absl::StrJoin(values, ","), "]"));
}

}  // namespace frank::client

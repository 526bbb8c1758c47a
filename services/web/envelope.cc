#include "services/web/envelope.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "core/status.h"

namespace frank::web {
namespace {

constexpr char kPlain = 0;
constexpr char kCompressed = 1;
constexpr char kEndOfStream = 2;
constexpr size_t kPrefixBytes = 5;

std::string Frame(char flags, absl::string_view message) {
  std::string frame(1, flags);
  AppendU32(static_cast<uint32_t>(message.size()), &frame);
  absl::StrAppend(&frame, message);
  return frame;
}

uint32_t LengthOf(absl::string_view prefix) {
  uint32_t length = 0;
  for (size_t i = 1; i < kPrefixBytes; ++i) {
    length = length << 8 | static_cast<uint8_t>(prefix[i]);
  }
  return length;
}

}  // namespace

std::string MessageFrame(absl::string_view message) {
  return Frame(kPlain, message);
}

std::string EndFrame(absl::string_view json) {
  return Frame(kEndOfStream, json);
}

absl::StatusOr<std::string> ParseOneFrame(absl::string_view body) {
  if (body.size() >= kPrefixBytes && body[0] == kCompressed) {
    return WithReason(
        absl::UnimplementedError("compressed requests are not offered"),
        "NOT_PERMITTED");
  }
  if (body.size() < kPrefixBytes || body[0] != kPlain ||
      LengthOf(body) != body.size() - kPrefixBytes) {
    return FieldError("request", "must be one message in one frame");
  }
  return std::string(body.substr(kPrefixBytes));
}

}  // namespace frank::web

// Frames of the Connect protocol's streams: a byte of flags, the length of the
// message in four bytes, big-endian, and the message.
#ifndef FRANK_SERVICES_WEB_ENVELOPE_H_
#define FRANK_SERVICES_WEB_ENVELOPE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace frank::web {

// The frame of a message; that of the last one, which is JSON and says how the
// stream ended.
std::string MessageFrame(absl::string_view message);
std::string EndFrame(absl::string_view json);

// Takes the one message out of a request's body. kUnimplemented when it is
// compressed; kInvalidArgument "request" unless it is one frame, and whole.
absl::StatusOr<std::string> ParseOneFrame(absl::string_view body);

}  // namespace frank::web

#endif  // FRANK_SERVICES_WEB_ENVELOPE_H_

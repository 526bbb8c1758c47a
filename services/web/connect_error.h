// How the Connect protocol tells of errors.
#ifndef FRANK_SERVICES_WEB_CONNECT_ERROR_H_
#define FRANK_SERVICES_WEB_CONNECT_ERROR_H_

#include <string>

#include "absl/strings/string_view.h"
#include "google/rpc/status.pb.h"

namespace frank::web {

// The protocol's name of a code of gRPC, "invalid_argument", and the HTTP
// status that a unary call answers with; those of `unknown` for what is no
// code.
const char* ConnectCodeName(int code);
int HttpStatusOf(int code);

// {"code":…,"message":…,"details":[{"type":…,"value":…}]}: each detail with the
// name of its type and its bytes in base64 without padding.
std::string ErrorJson(const google::rpc::Status& status);

// How a stream ended: {} if well, else {"error":…}.
std::string EndOfStreamJson(const google::rpc::Status& status);

}  // namespace frank::web

#endif  // FRANK_SERVICES_WEB_CONNECT_ERROR_H_

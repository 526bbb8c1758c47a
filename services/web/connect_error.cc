#include "services/web/connect_error.h"

#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "core/status.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

namespace frank::web {
namespace {

using google::protobuf::Struct;

struct Code {
  const char* name;
  int http;
};

// By the number of the code in gRPC; the first is for what is none.
constexpr Code kCodes[] = {
    {"unknown", 500},
    {"canceled", 499},
    {"unknown", 500},
    {"invalid_argument", 400},
    {"deadline_exceeded", 504},
    {"not_found", 404},
    {"already_exists", 409},
    {"permission_denied", 403},
    {"resource_exhausted", 429},
    {"failed_precondition", 400},
    {"aborted", 409},
    {"out_of_range", 400},
    {"unimplemented", 501},
    {"internal", 500},
    {"unavailable", 503},
    {"data_loss", 500},
    {"unauthenticated", 401},
};
constexpr int kCodeCount = sizeof(kCodes) / sizeof(kCodes[0]);

const Code& CodeOf(int code) {
  return kCodes[code < 0 || code >= kCodeCount ? 0 : code];
}

std::string UnpaddedBase64(absl::string_view bytes) {
  std::string base64 = ToBase64(AsBytes(bytes));
  base64.erase(base64.find_last_not_of('=') + 1);
  return base64;
}

Struct ErrorOf(const google::rpc::Status& status) {
  Struct error;
  auto& fields = *error.mutable_fields();
  fields["code"].set_string_value(ConnectCodeName(status.code()));
  fields["message"].set_string_value(status.message());
  for (const google::protobuf::Any& any : status.details()) {
    Struct* detail = fields["details"]
                         .mutable_list_value()
                         ->add_values()
                         ->mutable_struct_value();
    // "type.googleapis.com/" and the like goes before the name.
    (*detail->mutable_fields())["type"].set_string_value(
        any.type_url().substr(any.type_url().rfind('/') + 1));
    (*detail->mutable_fields())["value"].set_string_value(
        UnpaddedBase64(any.value()));
  }
  return error;
}

std::string Print(const Struct& message) {
  std::string json;
  FRANK_CHECK(google::protobuf::util::MessageToJsonString(message, &json).ok());
  return json;
}

}  // namespace

const char* ConnectCodeName(int code) { return CodeOf(code).name; }

int HttpStatusOf(int code) { return CodeOf(code).http; }

std::string ErrorJson(const google::rpc::Status& status) {
  return Print(ErrorOf(status));
}

std::string EndOfStreamJson(const google::rpc::Status& status) {
  Struct end;
  if (status.code() != 0) {
    *(*end.mutable_fields())["error"].mutable_struct_value() = ErrorOf(status);
  }
  return Print(end);
}

}  // namespace frank::web

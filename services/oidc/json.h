// JSON that others wrote, read by protobuf's parser into a Struct.
#ifndef FRANK_SERVICES_OIDC_JSON_H_
#define FRANK_SERVICES_OIDC_JSON_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/bytes.h"
#include "google/protobuf/struct.pb.h"

namespace frank::oidc {

// Parses one object. kInvalidArgument unless it is one, in UTF-8.
absl::StatusOr<google::protobuf::Struct> ParseJsonObject(
    absl::string_view text);

// Members of an object, if they are there and of the kind.
const google::protobuf::Value* FindMember(
    const google::protobuf::Struct& object, const std::string& name);
absl::optional<std::string> FindText(const google::protobuf::Struct& object,
                                     const std::string& name);
absl::optional<double> FindNumber(const google::protobuf::Struct& object,
                                  const std::string& name);
// A text, or a list of nothing but texts.
absl::optional<std::vector<std::string>> FindTexts(
    const google::protobuf::Struct& object, const std::string& name);

// Decodes base64url without padding (RFC 7515 section 2). kInvalidArgument on
// any other character.
absl::StatusOr<std::string> DecodeBase64Url(absl::string_view text);

}  // namespace frank::oidc

#endif  // FRANK_SERVICES_OIDC_JSON_H_

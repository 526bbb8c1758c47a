// JSON Web Tokens (RFC 7519) in the compact form of RFC 7515, before anything
// about them is believed.
#ifndef FRANK_SERVICES_OIDC_JWT_H_
#define FRANK_SERVICES_OIDC_JWT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/struct.pb.h"

namespace frank::oidc {

struct Jwt {
  std::string algorithm;  // RS256, ES256 or EdDSA
  std::string key_id;     // may be empty
  google::protobuf::Struct claims;
  std::string signed_content;
  std::string signature;
};

// Whether a bearer token can be one: three texts with points between them.
bool LooksLikeJwt(absl::string_view token);

// kInvalidArgument on a token of another form or above the limit, on any other
// algorithm ("none" and HMAC among them), on another type of token, and on
// critical extensions: none is understood.
absl::StatusOr<Jwt> ParseJwt(absl::string_view token);

}  // namespace frank::oidc

#endif  // FRANK_SERVICES_OIDC_JWT_H_

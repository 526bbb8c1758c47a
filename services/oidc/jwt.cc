#include "services/oidc/jwt.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "core/limits.h"
#include "core/status.h"
#include "services/oidc/json.h"

namespace frank::oidc {
namespace {

using google::protobuf::Struct;

absl::StatusOr<Struct> DecodeObject(absl::string_view part) {
  FRANK_ASSIGN_OR_RETURN(std::string json, DecodeBase64Url(part));
  return ParseJsonObject(json);
}

// An access token or an ID token; logout tokens, for one, are signed by the
// same keys.
bool IsKnownType(const Struct& header) {
  if (FindMember(header, "typ") == nullptr) return true;
  std::string type =
      absl::AsciiStrToLower(FindText(header, "typ").value_or(""));
  return type == "jwt" || type == "at+jwt" || type == "application/at+jwt";
}

}  // namespace

bool LooksLikeJwt(absl::string_view token) {
  return std::count(token.begin(), token.end(), '.') == 2;
}

absl::StatusOr<Jwt> ParseJwt(absl::string_view token) {
  if (token.size() > limits::kMaxBearerTokenBytes) {
    return FieldError("token", "must be at most 8,192 bytes");
  }
  std::vector<absl::string_view> parts = absl::StrSplit(token, '.');
  if (parts.size() != 3) return FieldError("token", "must have three parts");
  FRANK_ASSIGN_OR_RETURN(Struct header, DecodeObject(parts[0]));
  Jwt jwt;
  jwt.algorithm = FindText(header, "alg").value_or("");
  if (jwt.algorithm != "RS256" && jwt.algorithm != "ES256" &&
      jwt.algorithm != "EdDSA") {
    return FieldError("alg", "must be RS256, ES256 or EdDSA");
  }
  if (FindMember(header, "crit") != nullptr || !IsKnownType(header)) {
    return FieldError("header", "must ask for nothing special");
  }
  jwt.key_id = FindText(header, "kid").value_or("");
  FRANK_ASSIGN_OR_RETURN(jwt.claims, DecodeObject(parts[1]));
  FRANK_ASSIGN_OR_RETURN(jwt.signature, DecodeBase64Url(parts[2]));
  jwt.signed_content =
      std::string(token.substr(0, parts[0].size() + 1 + parts[1].size()));
  return jwt;
}

}  // namespace frank::oidc

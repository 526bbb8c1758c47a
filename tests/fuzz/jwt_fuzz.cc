// Tokens and key sets of an identity provider, whichever the input is. A token
// that parses is for one of three algorithms; a key set that parses has a key.
#include <cstddef>
#include <cstdint>

#include "core/bytes.h"
#include "core/status.h"
#include "services/oidc/jwks.h"
#include "services/oidc/jwt.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  absl::string_view text = frank::AsText(frank::ByteSpan(data, size));
  auto jwt = frank::oidc::ParseJwt(text);
  if (jwt.ok()) {
    FRANK_CHECK(jwt->algorithm == "RS256" || jwt->algorithm == "ES256" ||
                jwt->algorithm == "EdDSA");
    FRANK_CHECK(jwt->signed_content.size() < text.size());
  }
  auto keys = frank::oidc::Jwks::Parse(text);
  if (keys.ok()) FRANK_CHECK(keys->size() > 0);
  return 0;
}

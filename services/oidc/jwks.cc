#include "services/oidc/jwks.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "services/oidc/json.h"

namespace frank::oidc {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

absl::StatusOr<std::string> DecodeMember(const Struct& key,
                                         const std::string& name) {
  auto text = FindText(key, name);
  if (!text) return FieldError(name, "must be a text");
  return DecodeBase64Url(*text);
}

// kInvalidArgument on a key of another kind.
absl::StatusOr<crypto::JwsKey> ParseKey(const Struct& key) {
  std::string type = FindText(key, "kty").value_or("");
  std::string curve = FindText(key, "crv").value_or("");
  if (type == "RSA") {
    FRANK_ASSIGN_OR_RETURN(std::string n, DecodeMember(key, "n"));
    FRANK_ASSIGN_OR_RETURN(std::string e, DecodeMember(key, "e"));
    return crypto::JwsKey::FromRsa(AsBytes(n), AsBytes(e));
  }
  if (type == "EC" && curve == "P-256") {
    FRANK_ASSIGN_OR_RETURN(std::string x, DecodeMember(key, "x"));
    FRANK_ASSIGN_OR_RETURN(std::string y, DecodeMember(key, "y"));
    return crypto::JwsKey::FromP256(AsBytes(x), AsBytes(y));
  }
  if (type == "OKP" && curve == "Ed25519") {
    FRANK_ASSIGN_OR_RETURN(std::string x, DecodeMember(key, "x"));
    return crypto::JwsKey::FromEd25519(AsBytes(x));
  }
  return FieldError("kty", "must be RSA, EC of P-256 or OKP of Ed25519");
}

// Whether the provider lets the key verify signatures by its algorithm.
bool IsForVerifying(const Struct& json, const crypto::JwsKey& key) {
  if (FindText(json, "use").value_or("sig") != "sig") return false;
  if (FindMember(json, "key_ops") != nullptr) {
    auto operations = FindTexts(json, "key_ops");
    if (!operations || *operations != std::vector<std::string>{"verify"}) {
      return false;
    }
  }
  return FindMember(json, "alg") == nullptr ||
         FindText(json, "alg").value_or("") == key.algorithm();
}

}  // namespace

absl::StatusOr<Jwks> Jwks::Parse(absl::string_view text) {
  if (text.size() > limits::kMaxJwksBytes) {
    return FieldError("jwks", "must be at most 256 KiB");
  }
  FRANK_ASSIGN_OR_RETURN(Struct set, ParseJsonObject(text));
  const Value* list = FindMember(set, "keys");
  if (list == nullptr || list->kind_case() != Value::kListValue) {
    return FieldError("keys", "must be a list");
  }
  if (list->list_value().values_size() > static_cast<int>(limits::kMaxJwks)) {
    return FieldError("keys",
                      absl::StrCat("must be at most ", limits::kMaxJwks));
  }
  Jwks jwks;
  for (const Value& item : list->list_value().values()) {
    absl::StatusOr<crypto::JwsKey> key = ParseKey(item.struct_value());
    if (!key.ok() || !IsForVerifying(item.struct_value(), *key)) continue;
    jwks.keys_.emplace(FindText(item.struct_value(), "kid").value_or(""),
                       *std::move(key));
  }
  if (jwks.keys_.empty()) {
    return FieldError("keys", "must have one for RS256, ES256 or EdDSA");
  }
  return jwks;
}

const crypto::JwsKey* Jwks::Find(const std::string& key_id,
                                 absl::string_view algorithm) const {
  const crypto::JwsKey* found = nullptr;
  for (const auto& [id, key] : keys_) {
    if (key.algorithm() != algorithm || (!key_id.empty() && id != key_id)) {
      continue;
    }
    if (found != nullptr) return nullptr;
    found = &key;
  }
  return found;
}

}  // namespace frank::oidc

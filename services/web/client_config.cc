#include "services/web/client_config.h"

#include "core/status.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

namespace frank::web {
namespace {

using google::protobuf::Struct;

constexpr char kDefaultScope[] = "openid";

Struct ProviderOf(const config::v1::Oidc& oidc) {
  Struct provider;
  auto& fields = *provider.mutable_fields();
  fields["issuer"].set_string_value(oidc.issuer());
  fields["audience"].set_string_value(oidc.audience());
  fields["clientId"].set_string_value(oidc.client_id());
  auto* scopes = fields["scopes"].mutable_list_value();
  for (const std::string& scope : oidc.scope()) {
    scopes->add_values()->set_string_value(scope);
  }
  if (oidc.scope().empty()) {
    scopes->add_values()->set_string_value(kDefaultScope);
  }
  return provider;
}

}  // namespace

std::string ClientConfigJson(const config::v1::ModerationConfig& config,
                             const std::string& audit_vkey) {
  Struct answer;
  auto& fields = *answer.mutable_fields();
  fields["auditVkey"].set_string_value(audit_vkey);
  fields["localTokens"].set_bool_value(!config.web().hide_token_sign_in());
  if (!config.oidc().client_id().empty()) {
    *fields["oidc"].mutable_struct_value() = ProviderOf(config.oidc());
  }
  std::string json;
  FRANK_CHECK(google::protobuf::util::MessageToJsonString(answer, &json).ok());
  return json;
}

}  // namespace frank::web

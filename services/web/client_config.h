// What the review tool asks for first: how one signs in here.
#ifndef FRANK_SERVICES_WEB_CLIENT_CONFIG_H_
#define FRANK_SERVICES_WEB_CLIENT_CONFIG_H_

#include <string>

#include "frank/config/v1/config.pb.h"

namespace frank::web {

// {"localTokens":…, "auditVkey":…,
// "oidc":{"issuer":…,"clientId":…,"scopes":[…],"audience":…}}, the latter for
// an installation where the tool is a client of a provider. `audit_vkey` is the
// public key of the audit log, by which the tool verifies checkpoints. Nothing
// in it is secret: it is told to whoever asks.
std::string ClientConfigJson(const config::v1::ModerationConfig& config,
                             const std::string& audit_vkey);

}  // namespace frank::web

#endif  // FRANK_SERVICES_WEB_CLIENT_CONFIG_H_

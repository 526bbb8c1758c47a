#include "services/common/call.h"

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "core/limits.h"
#include "core/status.h"
#include "grpcpp/security/auth_context.h"

namespace frank::services {
namespace {

std::string FindMetadata(const grpc::CallbackServerContext& context,
                         const char* key) {
  auto found = context.client_metadata().find(key);
  if (found == context.client_metadata().end()) return {};
  if (found->second.size() > limits::kMaxBearerTokenBytes) return {};
  return std::string(found->second.data(), found->second.size());
}

}  // namespace

Call Call::From(const grpc::CallbackServerContext& context) {
  Call call;
  std::string authorization = FindMetadata(context, "authorization");
  constexpr absl::string_view kBearer = "Bearer ";
  if (absl::StartsWith(authorization, kBearer)) {
    call.bearer_token = authorization.substr(kBearer.size());
  }
  call.registration_token = FindMetadata(context, "frank-registration");
  std::shared_ptr<const grpc::AuthContext> auth = context.auth_context();
  if (auth != nullptr && auth->IsPeerAuthenticated()) {
    for (const grpc::string_ref& name :
         auth->FindPropertyValues("x509_subject_alternative_name")) {
      call.peer_names.emplace_back(name.data(), name.size());
    }
  }
  return call;
}

absl::Status Call::RequirePeer(absl::string_view name) const {
  for (const std::string& peer : peer_names) {
    if (peer == name) return absl::OkStatus();
  }
  return WithReason(
      absl::PermissionDeniedError(
          "this service is for the other server, by its certificate"),
      "NOT_PERMITTED");
}

}  // namespace frank::services

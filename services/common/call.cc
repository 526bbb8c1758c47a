#include "services/common/call.h"

#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "core/limits.h"
#include "core/status.h"
#include "grpcpp/security/auth_context.h"

namespace frank::services {
namespace {

absl::string_view FindMetadata(const grpc::ServerContextBase& context,
                               const char* key) {
  auto found = context.client_metadata().find(key);
  if (found == context.client_metadata().end()) return {};
  if (found->second.size() > limits::kMaxBearerTokenBytes) return {};
  return {found->second.data(), found->second.size()};
}

std::vector<std::string> PeerNames(const grpc::ServerContextBase& context) {
  std::vector<std::string> names;
  std::shared_ptr<const grpc::AuthContext> auth = context.auth_context();
  if (auth == nullptr || !auth->IsPeerAuthenticated()) return names;
  for (const grpc::string_ref& name :
       auth->FindPropertyValues("x509_subject_alternative_name")) {
    names.emplace_back(name.data(), name.size());
  }
  return names;
}

}  // namespace

Call Call::From(const grpc::ServerContextBase& context) {
  Call call;
  absl::string_view authorization = FindMetadata(context, "authorization");
  if (absl::ConsumePrefix(&authorization, "Bearer ")) {
    call.bearer_token = std::string(authorization);
  }
  call.registration_token =
      std::string(FindMetadata(context, "frank-registration"));
  // To look costs as much as all else here.
  if (call.bearer_token.empty()) call.peer_names = PeerNames(context);
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

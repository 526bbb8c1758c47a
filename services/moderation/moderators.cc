#include "services/moderation/moderators.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "core/status.h"
#include "crypto/hash.h"
#include "services/common/config.h"

namespace frank::moderation {
namespace {

struct Permission {
  ReviewMethod method;
  std::set<Role> roles;
};

const std::vector<Permission>& Permissions() {
  static const auto* const kTable = new std::vector<Permission>{
      {ReviewMethod::kListCases,
       {Role::kReviewer, Role::kSenior, Role::kAuditor}},
      {ReviewMethod::kClaimCase, {Role::kReviewer, Role::kSenior}},
      {ReviewMethod::kRenewLease, {Role::kReviewer, Role::kSenior}},
      {ReviewMethod::kGetCase, {Role::kReviewer, Role::kSenior}},
      {ReviewMethod::kDecideCase, {Role::kReviewer, Role::kSenior}},
      {ReviewMethod::kReleaseCase, {Role::kReviewer, Role::kSenior}},
      {ReviewMethod::kListActs,
       {Role::kReviewer, Role::kSenior, Role::kAuditor}},
  };
  return *kTable;
}

absl::StatusOr<Role> ParseRole(absl::string_view name) {
  if (name == "reviewer") return Role::kReviewer;
  if (name == "senior") return Role::kSenior;
  if (name == "auditor") return Role::kAuditor;
  if (name == "administrator") return Role::kAdministrator;
  return FieldError("role",
                    "must be reviewer, senior, auditor or administrator");
}

}  // namespace

bool IsAllowed(ReviewMethod method, Role role) {
  for (const Permission& permission : Permissions()) {
    if (permission.method == method) return permission.roles.count(role) > 0;
  }
  return false;
}

absl::StatusOr<Moderators::Moderator> Moderators::Parse(
    const config::v1::Moderator& config) {
  Moderator moderator;
  moderator.id = config.id();
  for (const std::string& name : config.role()) {
    FRANK_ASSIGN_OR_RETURN(Role role, ParseRole(name));
    moderator.roles.insert(role);
  }
  return moderator;
}

absl::StatusOr<Moderators> Moderators::Create(
    const config::v1::ModerationConfig& config) {
  Moderators moderators;
  std::set<std::string> ids;
  for (int i = 0; i < config.moderator_size(); ++i) {
    std::string field = absl::StrCat("moderator[", i, "]");
    absl::StatusOr<Moderator> moderator = Parse(config.moderator(i));
    absl::StatusOr<std::string> token = services::ParseTokenHash(
        "token_sha256", config.moderator(i).token_sha256());
    absl::Status status = moderator.ok() ? token.status() : moderator.status();
    if (status.ok() && !ids.insert(moderator->id).second) {
      status = FieldError("id", "must occur once");
    }
    if (status.ok() &&
        !moderators.by_token_.emplace(*token, *moderator).second) {
      status = FieldError("token_sha256", "must occur once");
    }
    if (!status.ok()) {
      return absl::FailedPreconditionError(InField(field, status).message());
    }
  }
  return moderators;
}

absl::StatusOr<std::string> Moderators::Authorize(const services::Call& call,
                                                  ReviewMethod method) const {
  auto found =
      by_token_.find(ToString(crypto::Sha256({AsBytes(call.bearer_token)})));
  if (call.bearer_token.empty() || found == by_token_.end()) {
    return WithReason(absl::UnauthenticatedError("unknown credential"),
                      "CREDENTIAL_INVALID");
  }
  for (Role role : found->second.roles) {
    if (IsAllowed(method, role)) return found->second.id;
  }
  return WithReason(absl::PermissionDeniedError("not of a role that may"),
                    "NOT_PERMITTED");
}

}  // namespace frank::moderation

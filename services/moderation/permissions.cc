#include "services/moderation/permissions.h"

namespace frank::moderation {

const std::vector<Permission>& Permissions() {
  using R = Role;
  static const auto* const kTable = new std::vector<Permission>{
      // clang-format off
      {"ReviewService.ListCases", {R::kReviewer, R::kSenior, R::kAuditor}},
      {"ReviewService.ClaimCase", {R::kReviewer, R::kSenior}},
      {"ReviewService.RenewLease", {R::kReviewer, R::kSenior}},
      {"ReviewService.GetCase", {R::kReviewer, R::kSenior}},
      {"ReviewService.DecideCase", {R::kReviewer, R::kSenior}},
      {"ReviewService.ReleaseCase", {R::kReviewer, R::kSenior}},
      {"ReviewService.ListActs", {R::kReviewer, R::kSenior, R::kAuditor}},
      {"ModeratorService.AddModerator", {R::kAdministrator}},
      {"ModeratorService.GetModerator", {R::kAuditor, R::kAdministrator}},
      {"ModeratorService.ListModerators", {R::kAuditor, R::kAdministrator}},
      {"ModeratorService.SetModeratorRoles", {R::kAdministrator}},
      {"ModeratorService.LinkAccount", {R::kAdministrator}},
      {"ModeratorService.EnableModerator", {R::kAdministrator}},
      {"ModeratorService.ReplaceModeratorToken", {R::kAdministrator}},
      {"ModeratorService.ListModeratorActs", {R::kAuditor, R::kAdministrator}},
      {"ModeratorService.GetExposure", {R::kReviewer, R::kSenior}},
      {"ModeratorService.SetOptOuts", {R::kReviewer, R::kSenior}},
      {"ModeratorService.ReplaceOwnToken", {R::kReviewer, R::kSenior, R::kAuditor, R::kAdministrator}},
      {"AuditService.GetCheckpoint", {R::kSenior, R::kAuditor, R::kAdministrator}},
      {"AuditService.GetInclusionProof", {R::kSenior, R::kAuditor, R::kAdministrator}},
      {"AuditService.GetConsistencyProof", {R::kAuditor, R::kAdministrator}},
      {"AuditService.ExportEntries", {R::kAuditor, R::kAdministrator}},
      // clang-format on
  };
  return *kTable;
}

bool IsAllowed(absl::string_view method, Role role) {
  for (const Permission& permission : Permissions()) {
    if (permission.method == method) return permission.roles.count(role) > 0;
  }
  return false;
}

}  // namespace frank::moderation

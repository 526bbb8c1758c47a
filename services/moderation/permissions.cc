#include "services/moderation/permissions.h"

namespace frank::moderation {

const std::vector<Permission>& Permissions() {
  using R = Role;
  static const auto* const kTable = new std::vector<Permission>{
      // clang-format off
      {"DecisionService.DecideCase", {R::kReviewer, R::kSenior}},
      {"DecisionService.PreviewDecision", {R::kReviewer, R::kSenior}},
      {"DecisionService.UndoDecision", {R::kReviewer, R::kSenior}},
      {"DecisionService.ReverseDecision", {R::kReviewer, R::kSenior}},
      {"DecisionService.ListApprovals", {R::kReviewer, R::kSenior}},
      {"DecisionService.ApproveDecision", {R::kSenior}},
      {"DecisionService.RefuseDecision", {R::kSenior}},
      {"DecisionService.WithdrawDecision", {R::kReviewer, R::kSenior}},
      {"DecisionService.DecideAppeal", {R::kReviewer, R::kSenior}},
      {"DecisionService.ListPolicies", {R::kReviewer, R::kSenior, R::kAuditor, R::kAdministrator}},
      {"DecisionService.ListStrikes", {R::kReviewer, R::kSenior, R::kAuditor}},
      {"ReviewService.ListCases", {R::kReviewer, R::kSenior, R::kAuditor}},
      {"ReviewService.ClaimCase", {R::kReviewer, R::kSenior}},
      {"ReviewService.RenewLease", {R::kReviewer, R::kSenior}},
      {"ReviewService.GetCase", {R::kReviewer, R::kSenior}},
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
      {"ModeratorService.ListExposure", {R::kSenior, R::kAuditor, R::kAdministrator}},
      {"ModeratorService.GetSelf", {R::kReviewer, R::kSenior, R::kAuditor, R::kAdministrator}},
      {"ModeratorService.GetExposure", {R::kReviewer, R::kSenior}},
      {"ModeratorService.SetOptOuts", {R::kReviewer, R::kSenior}},
      {"ModeratorService.ListColleagues", {R::kReviewer, R::kSenior}},
      {"ModeratorService.ReplaceOwnToken", {R::kReviewer, R::kSenior, R::kAuditor, R::kAdministrator}},
      {"AuditService.GetCheckpoint", {R::kSenior, R::kAuditor, R::kAdministrator}},
      {"AuditService.GetInclusionProof", {R::kReviewer, R::kSenior, R::kAuditor, R::kAdministrator}},
      {"AuditService.GetConsistencyProof", {R::kAuditor, R::kAdministrator}},
      {"AuditService.ExportEntries", {R::kAuditor, R::kAdministrator}},
      {"ConfigurationService.GetConfiguration", {R::kSenior, R::kAuditor, R::kAdministrator}},
      {"ConfigurationService.DryRunRouting", {R::kSenior, R::kAdministrator}},
      {"EvidenceService.RequestExport", {R::kSenior}},
      {"EvidenceService.ReleaseExport", {R::kSenior, R::kAdministrator}},
      {"EvidenceService.CancelExport", {R::kSenior, R::kAdministrator}},
      {"EvidenceService.ListExports", {R::kSenior, R::kAuditor, R::kAdministrator}},
      {"EvidenceService.FetchExport", {R::kSenior}},
      {"QueueService.HoldCase", {R::kReviewer, R::kSenior}},
      {"QueueService.WakeCase", {R::kReviewer, R::kSenior}},
      {"QueueService.HandOverCase", {R::kReviewer, R::kSenior}},
      {"QueueService.TakeOverCase", {R::kSenior}},
      {"QueueService.EscalateCase", {R::kReviewer, R::kSenior}},
      {"QueueService.AddNote", {R::kReviewer, R::kSenior}},
      {"QueueService.TagCase", {R::kReviewer, R::kSenior}},
      {"QueueService.UntagCase", {R::kReviewer, R::kSenior}},
      {"QueueService.LinkCases", {R::kReviewer, R::kSenior}},
      {"QueueService.UnlinkCases", {R::kReviewer, R::kSenior}},
      {"QueueService.MarkDuplicate", {R::kReviewer, R::kSenior}},
      {"QueueService.SearchNotes", {R::kReviewer, R::kSenior}},
      {"QueueService.ListQueues", {R::kReviewer, R::kSenior, R::kAuditor, R::kAdministrator}},
      {"QueueService.AttendCase", {R::kReviewer, R::kSenior}},
      {"QueueService.WatchCases", {R::kReviewer, R::kSenior, R::kAuditor}},
      {"ReasonService.ListReasons", {R::kReviewer, R::kSenior, R::kAuditor, R::kAdministrator}},
      {"ReferralService.ListReferrals", {R::kSenior, R::kAuditor}},
      {"ReferralService.AssignReferral", {R::kSenior}},
      {"ReferralService.RecordHandover", {R::kSenior}},
      {"ReferralService.WithdrawReferral", {R::kSenior}},
      {"ReporterService.GetReporter", {R::kReviewer, R::kSenior, R::kAuditor}},
      {"ReporterService.ListMutes", {R::kReviewer, R::kSenior, R::kAuditor}},
      {"ReporterService.MuteReporter", {R::kSenior}},
      {"ReporterService.UnmuteReporter", {R::kSenior}},
      {"ReporterService.ReleaseReports", {R::kSenior}},
      {"RetentionService.ListDue", {R::kSenior, R::kAuditor, R::kAdministrator}},
      {"RetentionService.PlaceLegalHold", {R::kSenior}},
      {"RetentionService.LiftLegalHold", {R::kSenior}},
      {"RetentionService.ListLegalHolds", {R::kSenior, R::kAuditor, R::kAdministrator}},
      {"TargetService.GetReached", {R::kSenior, R::kAuditor, R::kAdministrator}},
      {"TargetService.GetInflow", {R::kSenior, R::kAuditor, R::kAdministrator}},
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

// The table of permissions: every method of every service that moderators call,
// by every role.
#include <dirent.h>

#include <map>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "services/moderation/permissions.h"
#include "tests/services/moderation_world.h"

namespace frank::moderation {
namespace {

using ::testing::ElementsAreArray;

// What moderators do not call: the platform's services, and moderation's for
// the platform. A service that is not named here is one for moderators.
const std::set<std::string>& OtherServices() {
  static const auto* const kServices = new std::set<std::string>{
      "AccountService", "AppealService",   "EnforcementService",
      "FileService",    "FrankingService", "IntakeService",
      "MessageService", "ReportService",   "RoomService"};
  return *kServices;
}

// Who may call what, once more: reviewer, senior, auditor, Administrator.
const std::map<std::string, std::string>& Expected() {
  static const auto* const kExpected = new std::map<std::string, std::string>{
      {"AuditService.ExportEntries", "--aA"},
      {"AuditService.GetCheckpoint", "-saA"},
      {"AuditService.GetConsistencyProof", "--aA"},
      {"AuditService.GetInclusionProof", "rsaA"},
      {"ConfigurationService.DryRunRouting", "-s-A"},
      {"ConfigurationService.GetConfiguration", "-saA"},
      {"DecisionService.ApproveDecision", "-s--"},
      {"DecisionService.DecideAppeal", "rs--"},
      {"DecisionService.DecideCase", "rs--"},
      {"DecisionService.ListApprovals", "rs--"},
      {"DecisionService.ListPolicies", "rsaA"},
      {"DecisionService.ListStrikes", "rsa-"},
      {"DecisionService.PreviewDecision", "rs--"},
      {"DecisionService.RefuseDecision", "-s--"},
      {"DecisionService.ReverseDecision", "rs--"},
      {"DecisionService.UndoDecision", "rs--"},
      {"DecisionService.WithdrawDecision", "rs--"},
      {"EvidenceService.CancelExport", "-s-A"},
      {"EvidenceService.FetchExport", "-s--"},
      {"EvidenceService.ListExports", "-saA"},
      {"EvidenceService.ReleaseExport", "-s-A"},
      {"EvidenceService.RequestExport", "-s--"},
      {"ModeratorService.AddModerator", "---A"},
      {"ModeratorService.EnableModerator", "---A"},
      {"ModeratorService.GetExposure", "rs--"},
      {"ModeratorService.GetModerator", "--aA"},
      {"ModeratorService.GetSelf", "rsaA"},
      {"ModeratorService.LinkAccount", "---A"},
      {"ModeratorService.ListColleagues", "rs--"},
      {"ModeratorService.ListExposure", "-saA"},
      {"ModeratorService.ListModeratorActs", "--aA"},
      {"ModeratorService.ListModerators", "--aA"},
      {"ModeratorService.ReplaceModeratorToken", "---A"},
      {"ModeratorService.ReplaceOwnToken", "rsaA"},
      {"ModeratorService.SetModeratorRoles", "---A"},
      {"ModeratorService.SetOptOuts", "rs--"},
      {"QueueService.AddNote", "rs--"},
      {"QueueService.AttendCase", "rs--"},
      {"QueueService.TakeOverCase", "-s--"},
      {"QueueService.EscalateCase", "rs--"},
      {"QueueService.HandOverCase", "rs--"},
      {"QueueService.HoldCase", "rs--"},
      {"QueueService.LinkCases", "rs--"},
      {"QueueService.ListQueues", "rsaA"},
      {"QueueService.MarkDuplicate", "rs--"},
      {"QueueService.SearchNotes", "rs--"},
      {"QueueService.TagCase", "rs--"},
      {"QueueService.UnlinkCases", "rs--"},
      {"QueueService.UntagCase", "rs--"},
      {"QueueService.WakeCase", "rs--"},
      {"QueueService.WatchCases", "rsa-"},
      {"ReasonService.ListReasons", "rsaA"},
      {"ReferralService.AssignReferral", "-s--"},
      {"ReferralService.ListReferrals", "-sa-"},
      {"ReferralService.RecordHandover", "-s--"},
      {"ReferralService.WithdrawReferral", "-s--"},
      {"ReporterService.GetReporter", "rsa-"},
      {"ReporterService.ListMutes", "rsa-"},
      {"ReporterService.MuteReporter", "-s--"},
      {"ReporterService.ReleaseReports", "-s--"},
      {"ReporterService.UnmuteReporter", "-s--"},
      {"RetentionService.LiftLegalHold", "-s--"},
      {"RetentionService.ListDue", "-saA"},
      {"RetentionService.ListLegalHolds", "-saA"},
      {"RetentionService.PlaceLegalHold", "-s--"},
      {"ReviewService.ClaimCase", "rs--"},
      {"ReviewService.GetCase", "rs--"},
      {"ReviewService.ListActs", "rsa-"},
      {"ReviewService.ListCases", "rsa-"},
      {"ReviewService.ReleaseCase", "rs--"},
      {"ReviewService.RenewLease", "rs--"},
      {"TargetService.GetInflow", "-saA"},
      {"TargetService.GetReached", "-saA"},
  };
  return *kExpected;
}

// The schema's files are looked for in their folder, so that no service can be
// forgotten; the test links all of them.
std::set<std::string> MethodsForModerators() {
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  std::set<std::string> methods;
  DIR* folder = opendir(FRANK_SOURCE_DIR "/proto/frank/v1");
  while (const dirent* entry = readdir(folder)) {
    if (!absl::EndsWith(entry->d_name, ".proto")) continue;
    const auto* file =
        pool->FindFileByName(absl::StrCat("frank/v1/", entry->d_name));
    EXPECT_NE(file, nullptr) << entry->d_name;
    for (int i = 0; file != nullptr && i < file->service_count(); ++i) {
      const auto* service = file->service(i);
      if (OtherServices().count(service->name()) > 0) continue;
      for (int j = 0; j < service->method_count(); ++j) {
        methods.insert(
            absl::StrCat(service->name(), ".", service->method(j)->name()));
      }
    }
  }
  closedir(folder);
  return methods;
}

TEST(PermissionsTest, HasOneLineForEveryMethodThatModeratorsCall) {
  std::multiset<std::string> lines;
  for (const Permission& line : Permissions()) lines.insert(line.method);
  EXPECT_THAT(lines, ElementsAreArray(MethodsForModerators()));
}

TEST(PermissionsTest, AllowsEachRoleWhatIsExpectedOfIt) {
  constexpr char kLetters[] = "rsaA";
  for (const auto& [method, expected] : Expected()) {
    for (size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(IsAllowed(method, kRoles[i]), expected[i] == kLetters[i])
          << method << " by " << RoleName(kRoles[i]);
    }
  }
  std::set<std::string> expected;
  for (const auto& line : Expected()) expected.insert(line.first);
  EXPECT_EQ(expected, MethodsForModerators());
}

TEST(PermissionsTest, AllowsNobodyWhatHasNoLine) {
  for (Role role : kRoles) {
    EXPECT_FALSE(IsAllowed("ReviewService.Unknown", role));
    EXPECT_FALSE(IsAllowed("ListCases", role));
    EXPECT_FALSE(IsAllowed("", role));
  }
}

// The same by tokens: the world has one moderator for each role.
TEST(PermissionsTest, AuthorizesByTheTable) {
  ModerationWorld world;
  const char* const kTokens[] = {kReviewer, kSenior, kAuditor, kAdministrator};
  auto reason = [&](const std::string& token, const std::string& method) {
    services::Call call;
    call.bearer_token = token;
    return FindReason(
               world.process->moderators.Authorize(call, method).status())
        .value_or("");
  };
  for (const auto& line : Expected()) {
    for (size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(reason(kTokens[i], line.first),
                line.second[i] == '-' ? "NOT_PERMITTED" : "")
          << line.first << " by " << RoleName(kRoles[i]);
    }
    EXPECT_EQ(reason(kNobody, line.first), "NOT_PERMITTED");
    EXPECT_EQ(reason("frank_unknown", line.first), "CREDENTIAL_INVALID");
    EXPECT_EQ(reason("", line.first), "CREDENTIAL_INVALID");
  }
}

}  // namespace
}  // namespace frank::moderation

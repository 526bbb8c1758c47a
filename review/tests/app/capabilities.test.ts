import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ModeratorRole } from "#gen/frank/v1/moderators_pb";
import { can, type Capability } from "../../src/app/capabilities";

// The service's own table; each capability stands for one method of it.
const TABLE = readFileSync("../services/moderation/permissions.cc", "utf8");
const METHODS: Record<Capability, string> = {
  listCases: "ReviewService.ListCases",
  workOnCases: "ReviewService.ClaimCase",
  takeOver: "QueueService.TakeOverCase",
  seeApprovals: "DecisionService.ListApprovals",
  approve: "DecisionService.ApproveDecision",
  seeReporters: "ReporterService.GetReporter",
  muteReporters: "ReporterService.MuteReporter",
  seeMutes: "ReporterService.ListMutes",
  holdLegally: "RetentionService.PlaceLegalHold",
  export: "EvidenceService.RequestExport",
  seeReferrals: "ReferralService.ListReferrals",
  handReferralsOver: "ReferralService.RecordHandover",
  seeFigures: "TargetService.GetReached",
  seeCheckpoint: "AuditService.GetCheckpoint",
  proveInclusion: "AuditService.GetInclusionProof",
  readLog: "AuditService.ExportEntries",
  seeModerators: "ModeratorService.ListModerators",
  administer: "ModeratorService.AddModerator",
  seePolicies: "DecisionService.ListPolicies",
  seeRetention: "RetentionService.ListDue",
  seeConfiguration: "ConfigurationService.GetConfiguration",
  tryRouting: "ConfigurationService.DryRunRouting",
};
const ROLES = { Reviewer: 1, Senior: 2, Auditor: 3, Administrator: 4 } as const;

test.each(Object.entries(METHODS))("%s is shown to whom %s allows", (what, method) => {
  const line = TABLE.split("\n").find((text) => text.includes(`"${method}"`));
  expect(line).toBeDefined();
  for (const [name, role] of Object.entries(ROLES)) {
    const shown = can({ role: [role as ModeratorRole] }, what as Capability);
    expect(shown, name).toBe(line?.includes(`R::k${name}`));
  }
});

test("who has no role is shown nothing", () => {
  for (const what of Object.keys(METHODS)) {
    expect(can({ role: [] }, what as Capability)).toBe(false);
  }
});

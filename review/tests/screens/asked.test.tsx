// Whatever is listed: that it is on its way, that there is none and that it failed
// never look alike, and who tries again gets it.
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ModeratorRole } from "#gen/frank/v1/moderators_pb";
import { toHex } from "../../src/api/ids";
import { auditLog, entryOf } from "../world/audit-log";
import { Office, officeRoutes } from "../world/office";
import { routesOf, Town } from "../world/services";
import { openTool } from "../world/setup";
import { plainCase, threatCase } from "../world/town";
import type { Troubles } from "../world/transport";

const FAILED = /Something went wrong in the service/;
const NOW = Date.now();
const id = toHex(threatCase(NOW).summary.caseId);

beforeEach(() => {
  const { vkey } = auditLog([]);
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ auditVkey: vkey })));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function openTown(at: string, troubles: Troubles) {
  const town = new Town([]);
  if (at.includes("/case/")) {
    const threat = threatCase(NOW);
    town.cases.set(id, threat);
    town.give(threat.summary, "sara");
    const other = plainCase(1, NOW);
    other.summary.accusedUri = threat.summary.accusedUri;
    town.cases.set("other", other);
  }
  town.self = { id: "sara", role: [ModeratorRole.SENIOR], childSafety: false };
  openTool(routesOf(town), { at, token: "t", troubles });
}

function roleFor(at: string): ModeratorRole {
  if (at === "#/audit") return ModeratorRole.AUDITOR;
  const isSeniors = at === "#/referrals" || at.endsWith("mutes");
  return isSeniors ? ModeratorRole.SENIOR : ModeratorRole.ADMINISTRATOR;
}

function openOffice(at: string, troubles: Troubles) {
  const claimed = entryOf(1, "moderator:a", "case.claimed", "case:0a", { act_number: 1 });
  const office = new Office(auditLog(at === "#/audit" ? [claimed] : []));
  office.referrals.length = 0;
  office.mutes.clear();
  office.self.role = [roleFor(at)];
  openTool(officeRoutes(office), { at, token: "t", troubles });
}

// Where, what is asked, what is said meanwhile, and what once it is there.
const LISTS = [
  [openTown, "#/queue", "listCases", /Listing cases/, /Nothing here/],
  [openTown, "#/queue", "listQueues", /Counting what waits/, /Harm to people/],
  [openTown, "#/queue", "listReasons", /Reading the reasons/, "Threat of violence"],
  [openTown, "#/approvals", "listApprovals", /Listing approvals/, /Nothing waits for/],
  [openTown, "#/appeals", "listCases", /Listing appeals/, /Nobody has appealed/],
  [openTown, `#/case/${id}`, "getCase", /Opening the case/, /Yours for/],
  [openTown, `#/case/${id}`, "listPolicies", /Reading the policies/, /violence.threats/],
  [
    openTown,
    `#/case/${id}/accused`,
    "listCases",
    /Listing their cases/,
    /in which nothing/,
  ],
  [openTown, `#/case/${id}/accused`, "listStrikes", /Counting their/, /counts until/],
  [
    openTown,
    `#/case/${id}/related`,
    "listCases",
    /Listing their cases/,
    /Close this case into/,
  ],
  [openTown, `#/case/${id}/audit`, "listActs", /Reading the acts/, /Check all 0/],
  [openOffice, "#/referrals", "listReferrals", /Listing referrals/, "None."],
  [openOffice, "#/audit", "getCheckpoint", /Verifying the checkpoint/, /is not signed/],
  [openOffice, "#/audit", "exportEntries", /Reading the log/, "moderator a"],
  [openOffice, "#/dashboards", "getInflow", /Counting what came in/, /What came in/],
  [openOffice, "#/administration/moderators", "listModerators", /Listing mod/, "anna"],
  [openOffice, "#/administration/mutes", "listMutes", /Listing mutes/, /Nobody is muted/],
  [openOffice, "#/administration/policies", "listPolicies", /Reading the pol/, "Threats"],
  [
    openOffice,
    "#/administration/routing",
    "getConfiguration",
    /Reading the c/,
    /in force/,
  ],
  [openOffice, "#/administration/retention", "listDue", /Listing what is/, /deception/],
  [openOffice, "#/administration/retention", "listLegalHolds", /Listing legal/, /sara/],
] as const;

test.each(LISTS)("%o %s: %s", async (open, at, method, meanwhile, there) => {
  const troubles: Troubles = new Map([[method, "hangs"]]);
  open(at, troubles);
  expect((await screen.findAllByText(meanwhile)).length).toBeGreaterThan(0);
  expect(screen.queryByText(there)).toBeNull();
  expect(screen.queryByText(FAILED)).toBeNull();
  cleanup();
  troubles.set(method, "fails");
  open(at, troubles);
  await screen.findAllByText(FAILED);
  await waitFor(() => expect(screen.queryByText(meanwhile)).toBeNull());
  expect(screen.queryByText(there)).toBeNull();
  troubles.clear();
  for (const button of screen.getAllByRole("button", { name: "Try again" }))
    fireEvent.click(button);
  expect((await screen.findAllByText(there)).length).toBeGreaterThan(0);
  await waitFor(() => expect(screen.queryByText(FAILED)).toBeNull());
});

import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { ModeratorRole } from "#gen/frank/v1/moderators_pb";
import { ReferralState } from "#gen/frank/v1/referral_pb";
import "../../src/screens/referrals";
import { handOverTime } from "../../src/screens/referrals/referral-acts";
import { auditLog } from "../world/audit-log";
import { Office, officeRoutes } from "../world/office";
import { openTool } from "../world/setup";

afterEach(cleanup);

function open(role = ModeratorRole.SENIOR) {
  const office = new Office(auditLog([]));
  office.self.role = [role];
  openTool(officeRoutes(office), { at: "#/referrals", token: "good" });
  return office;
}

/** The entry of an account, once it is listed. */
async function entryOf(account: string) {
  const entry = (await screen.findByText(`u/${account}`)).closest("li");
  if (!entry) throw new Error("no entry");
  return within(entry);
}

function press(words: string) {
  const button = screen.getByText(words).closest("button");
  if (!button) throw new Error("no such button");
  fireEvent.click(button);
}

function fill(label: string, value: string) {
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
}

test("all pages are listed, each with where it stands", async () => {
  open();
  const oscar = await entryOf("oscar");
  expect(oscar.getByText("handed over")).toBeTruthy();
  expect(oscar.getByText("AZ 17/26")).toBeTruthy();
  expect(oscar.getByText("The police")).toBeTruthy();
  expect(oscar.queryByRole("button")).toBeNull();
  fireEvent.change(screen.getByLabelText("Show"), {
    target: { value: ReferralState.WAITING.toString() },
  });
  await waitFor(() => {
    expect(screen.queryByText("u/oscar")).toBeNull();
  });
  expect(await screen.findByText("u/mallory")).toBeTruthy();
});

test("its authority is named, and the hand-over recorded with the authority's number", async () => {
  const office = open();
  fireEvent.click((await entryOf("mallory")).getByText("Name its authority …"));
  fill("Authority", "police");
  press("Say so");
  expect((await screen.findAllByText("to be handed over")).length).toBeGreaterThan(0);
  await waitFor(() => {
    expect(office.referrals[0]?.authority).toBe("police");
  });
  fireEvent.click((await entryOf("mallory")).getByText("Record the hand-over …"));
  fill("Its number", "AZ 18/26");
  press("Record it");
  expect(await screen.findByText("AZ 18/26")).toBeTruthy();
  expect(office.referrals[0]?.state).toBe(ReferralState.HANDED_OVER);
  expect(office.referrals[0]?.handedOverAt).toBeGreaterThan(Date.now() - 120_000);
});

test("withdrawing asks first, and wants to know why", async () => {
  const office = open();
  fireEvent.click((await entryOf("trent")).getByText("Withdraw …"));
  expect(await screen.findByText(/cannot be taken back/)).toBeTruthy();
  expect(office.referrals[1]?.state).toBe(ReferralState.ASSIGNED);
  fill("Why", "The police have it from elsewhere.");
  press("Withdraw");
  expect(await screen.findByText(/Withdrawn by olga/)).toBeTruthy();
});

test("who proposed it is told that another must record it; the form stays", async () => {
  const office = open();
  office.proposer = office.self.id;
  fireEvent.click((await entryOf("trent")).getByText("Record the hand-over …"));
  fill("Its number", "AZ 19/26");
  press("Record it");
  expect(await screen.findByText(/somebody else than who decided/)).toBeTruthy();
  expect(screen.getByLabelText("Its number")).toBeTruthy();
});

test("what another withdrew meanwhile is said in words", async () => {
  const office = open();
  fireEvent.click((await entryOf("mallory")).getByText("Name its authority …"));
  const [first] = office.referrals;
  if (first) first.state = ReferralState.WITHDRAWN;
  fill("Authority", "police");
  press("Say so");
  expect(await screen.findByText(/The referral is not where/)).toBeTruthy();
});

test("an auditor reads, and is offered no change", async () => {
  open(ModeratorRole.AUDITOR);
  const trent = await entryOf("trent");
  expect(trent.getByText("to be handed over")).toBeTruthy();
  expect(trent.queryByRole("button")).toBeNull();
});

test("the minute of the decision means the decision's time, no other is moved", () => {
  const decided = Date.UTC(2026, 4, 3, 10, 30, 20);
  const minute = (at: number) => new Date(at).toISOString();
  const own = minute(Date.UTC(2026, 4, 3, 10, 30));
  expect(handOverTime(own, BigInt(decided))).toBe(BigInt(decided));
  const before = Date.UTC(2026, 4, 3, 10, 29);
  expect(handOverTime(minute(before), BigInt(decided))).toBe(BigInt(before));
  expect(handOverTime("", BigInt(decided))).toBe(0n);
});

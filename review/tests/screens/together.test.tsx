import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CaseState } from "#gen/frank/v1/review_pb";
import { fromHex, toHex } from "../../src/api/ids";
import { prefer } from "../../src/app/preferences";
import { recent } from "../../src/app/recent";
import { routesOf, Town } from "../world/services";
import { openTool } from "../world/setup";
import { fillHashes, plainCase, threatCase } from "../world/town";

let town: Town;
let other: ReturnType<typeof plainCase>;
let id: string;

beforeEach(async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({})));
  prefer({ singleKeys: true, textAtOnce: true });
  const threat = threatCase(Date.now());
  await fillHashes([threat]);
  other = plainCase(3, Date.now());
  other.summary.accusedUri = threat.summary.accusedUri;
  town = new Town([threat, other]);
  id = toHex(threat.summary.caseId);
});
afterEach(() => {
  cleanup();
  recent.set([]);
  vi.unstubAllGlobals();
});

const main = () => town.find(fromHex(id) ?? new Uint8Array());

/** The other case of the account, chosen in the list of duplicates. */
async function choose() {
  town.give(main().summary, "anna");
  openTool(routesOf(town), { at: `#/case/${id}/related`, token: "t" });
  const name = `Decide case ${toHex(other.summary.caseId).slice(0, 8)} too`;
  fireEvent.click(await screen.findByRole("checkbox", { name }));
  await screen.findByText("Decides these cases of the account too:");
}

test("an account's other case is decided with the one on the screen", async () => {
  await choose();
  expect(other.summary.lease?.holder).toBe("anna");
  fireEvent.keyDown(document.body, { key: "2" });
  for (const [field, value] of [
    ["Policy", "violence.threats"],
    ["Reason", "proven"],
    ["Why", "The same again."],
  ] as const) {
    fireEvent.change(screen.getByLabelText(field), { target: { value } });
  }
  expect(await screen.findByText(/^4 reporters: action/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: /Submit for 2 cases/ }));
  await waitFor(() => {
    expect(main().summary.state).toBe(CaseState.DECIDED);
  });
  expect(other.summary.state).toBe(CaseState.DECIDED);
  expect(other.decisions[0]).toBe(main().decisions[0]);
  expect(main().decisions[0]?.caseId.length).toBe(2);
});

test("a case that is left out is given back", async () => {
  await choose();
  fireEvent.click(screen.getByRole("button", { name: "Leave it out" }));
  await waitFor(() => {
    expect(other.summary.lease).toBeUndefined();
  });
  expect(screen.queryByText("Decides these cases of the account too:")).toBeNull();
  expect(main().summary.lease?.holder).toBe("anna");
});

test("the other lease is renewed when that of the screen is", async () => {
  town.leaseMs = 3000;
  await choose();
  const before = other.summary.lease?.expiresAt ?? 0n;
  fireEvent.keyDown(document.body, { key: "Shift" });
  await waitFor(() => {
    expect(other.summary.lease?.expiresAt).toBeGreaterThan(before);
  });
});

test("what somebody else holds cannot be chosen", async () => {
  town.give(other.summary, "ben");
  town.give(main().summary, "anna");
  openTool(routesOf(town), { at: `#/case/${id}/related`, token: "t" });
  expect(await screen.findByText("ben holds it")).toBeTruthy();
  expect(screen.queryByRole("checkbox", { name: /Decide case/ })).toBeNull();
});

test("the account is shown as it stands, and how often it was reported", async () => {
  openTool(routesOf(town), { at: `#/case/${id}/accused`, token: "t" });
  expect(await screen.findByText(/^limited to 20 messages an hour until/)).toBeTruthy();
  const count = main().summary.reportCount + other.summary.reportCount;
  expect(
    screen.getByText(
      `${count.toString()} reports in 2 cases, 2 of them with something proven`,
    ),
  ).toBeTruthy();
});

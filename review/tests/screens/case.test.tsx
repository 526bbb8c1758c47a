import { create } from "@bufbuild/protobuf";
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ActionKind, DecisionSchema, DecisionState } from "#gen/frank/v1/decision_pb";
import { ModeratorRole } from "#gen/frank/v1/moderators_pb";
import { CaseState } from "#gen/frank/v1/review_pb";
import { fromHex, toHex } from "../../src/api/ids";
import { prefer } from "../../src/app/preferences";
import { recent, rememberDecision } from "../../src/app/recent";
import { routesOf, Town } from "../world/services";
import { openTool } from "../world/setup";
import { bytesOf, fillHashes, plainCase, threatCase } from "../world/town";

const NOW = Date.now();
let town: Town;
let id: string;

beforeEach(async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({})));
  prefer({ singleKeys: true, textAtOnce: true });
  const threat = threatCase(NOW);
  await fillHashes([threat]);
  town = new Town([threat]);
  id = toHex(threat.summary.caseId);
});
afterEach(() => {
  cleanup();
  recent.set([]);
  vi.unstubAllGlobals();
});

function press(key: string, modifiers = {}) {
  fireEvent.keyDown(document.body, { key, ...modifiers });
}

/** The case on the screen, taken from the queue by one key. */
async function takeNext() {
  openTool(routesOf(town), { at: "#/queue", token: "t" });
  await screen.findByRole("button", { name: /Take the next case/ });
  press("n");
  await screen.findByRole("heading", { name: /Threat of violence/ });
}

test("from next to a case that can be read is one call", async () => {
  await takeNext();
  expect(screen.getByText(/Of the accused, 4 of 5 messages proven/)).toBeTruthy();
  const claimed = town.calls.indexOf("claimCase");
  await screen.findByText(/I know when you walk home/);
  fireEvent.click(screen.getByRole("tab", { name: /Notes/ }));
  await screen.findByText(/Had him last month/);
  expect(town.calls.slice(claimed)).toEqual(["claimCase"]);
});

test("a lease that ran out is told, also when the service took the case back", async () => {
  town.leaseMs = 1500;
  await takeNext();
  const { summary } = town.find(fromHex(id) ?? new Uint8Array());
  town.change(summary, (s) => delete s.lease);
  expect(await screen.findByText("your lease has ended")).toBeTruthy();
  town.give(summary, "ben");
  expect(await screen.findByText("held by ben")).toBeTruthy();
});

test("a case that somebody took away was not lost by time", async () => {
  await takeNext();
  const { summary } = town.find(fromHex(id) ?? new Uint8Array());
  town.change(summary, (s) => delete s.lease);
  expect(await screen.findByText("nobody holds it")).toBeTruthy();
  expect(screen.queryByText("your lease has ended")).toBeNull();
});

test("text is shown at once, a picture and what stands beside it are not", async () => {
  await takeNext();
  await screen.findByText(/I know when you walk home/);
  expect(screen.queryByText("Look who I saw today.")).toBeNull();
  expect(screen.queryByRole("img")).toBeNull();
  expect(new Set(town.revealed).size).toBe(4);
});

test("who wants to be asked first is shown nothing", async () => {
  prefer({ textAtOnce: false });
  await takeNext();
  // The words of reporters and moderators come, and count nothing.
  fireEvent.click(screen.getByRole("tab", { name: /Notes/ }));
  await screen.findByText(/Had him last month/);
  fireEvent.click(screen.getByRole("tab", { name: /Messages/ }));
  expect(town.revealed).toEqual([]);
  press("v");
  await screen.findByText(/I know when you walk home/);
  expect(town.revealed.length).toBeGreaterThan(0);
});

test("a forged message is shown as claimed, without content, under its role", async () => {
  await takeNext();
  const forged = screen.getByText("claimed · forged").closest("li");
  if (!forged) throw new Error("no message");
  expect(within(forged).getByText("Accused")).toBeTruthy();
  expect(within(forged).getByText(/Its content is not shown/)).toBeTruthy();
});

test("the checks hold each stamp, and what was recomputed of it", async () => {
  await takeNext();
  press("p");
  const table = (await screen.findByText(/As moderation recomputed it/)).closest("table");
  if (!table) throw new Error("no table");
  const stamp = toHex(bytesOf("threat 1 stamp", 32));
  const copy = within(table).getByTitle(stamp);
  expect(copy.textContent).toContain(`Copy the stamp's MAC ${stamp.slice(0, 16)}…`);
  expect(copy.closest("tr")?.textContent).toContain("number 2 of 4");
  expect(within(table).getByText("recomputed: differs, not told")).toBeTruthy();
  expect(screen.getByText(toHex(bytesOf("threat 1 right", 32)))).toBeTruthy();
});

test("what was withheld and what lies between is said", async () => {
  await takeNext();
  expect(screen.getByText("Part 2 of 2 withheld by the reporter")).toBeTruthy();
  expect(
    screen.getAllByText(/what lay between was not disclosed/).length,
  ).toBeGreaterThan(0);
});

async function decideByKeys(actionKey: string) {
  press(actionKey);
  fireEvent.change(screen.getByLabelText("Policy"), {
    target: { value: "violence.threats" },
  });
  fireEvent.change(screen.getByLabelText("Reason"), { target: { value: "proven" } });
  fireEvent.change(screen.getByLabelText("Why"), { target: { value: "Two threats." } });
  await screen.findByText(/3 strikes in 90 d/);
  press("Enter", { ctrlKey: true });
}

test("a decision says what the account is told", async () => {
  await takeNext();
  await decideByKeys("4");
  expect(
    screen.getByText("that it is suspended, under which policy, and that it may appeal"),
  ).toBeTruthy();
});

test("a decision shows what it would do, and is undone by one key", async () => {
  await takeNext();
  await decideByKeys("4");
  await screen.findByText(/takes effect in/);
  expect(town.find(threatCase(NOW).summary.caseId).summary.state).toBe(CaseState.DECIDED);
  press("u");
  await waitFor(() => {
    expect(town.find(threatCase(NOW).summary.caseId).summary.state).toBe(CaseState.OPEN);
  });
  expect(await screen.findByText(/Yours for/)).toBeTruthy();
});

test("a decision can be undone where it stands, without the bar", async () => {
  await takeNext();
  await decideByKeys("4");
  fireEvent.click(await screen.findByRole("button", { name: "Hide" }));
  expect(screen.queryByLabelText("Last decision")).toBeNull();
  expect(screen.queryByText("Reverse this decision")).toBeNull();
  fireEvent.click(await screen.findByRole("button", { name: "Undo the decision" }));
  expect(await screen.findByText(/Yours for/)).toBeTruthy();
});

test("when it has had effect, a decision can be reversed and not undone", async () => {
  town.undoMs = 300;
  await takeNext();
  await decideByKeys("4");
  expect(await screen.findByText("Reverse this decision")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Undo the decision" })).toBeNull();
});

test("who proposed may withdraw where the proposal stands", async () => {
  await takeNext();
  await decideByKeys("7");
  await screen.findByText("Waits for a second person");
  fireEvent.click(screen.getByRole("button", { name: "Hide" }));
  fireEvent.click(screen.getByRole("button", { name: "Withdraw the proposal" }));
  expect(await screen.findByText(/Yours for/)).toBeTruthy();
});

test("of several decisions the newest is undone first", async () => {
  const made = (n: number) =>
    create(DecisionSchema, {
      decisionId: new Uint8Array([n]),
      state: DecisionState.MADE,
      action: [{ kind: n }],
      effectsDueAt: BigInt(NOW + 3_600_000),
    });
  rememberDecision("anna", made(ActionKind.WARN));
  rememberDecision("ben", made(ActionKind.REFER));
  rememberDecision("anna", made(ActionKind.SUSPEND));
  openTool(routesOf(town), { at: "#/queue", token: "t" });
  const bar = await screen.findByLabelText("Last decision");
  expect(bar.textContent).toContain("suspend");
  fireEvent.click(screen.getByRole("button", { name: "Hide" }));
  expect(screen.getByLabelText("Last decision").textContent).toContain("warn");
  fireEvent.click(screen.getByRole("button", { name: "Hide" }));
  expect(screen.queryByLabelText("Last decision")).toBeNull();
});

test("what an older draft would do does not stand beside a newer one", async () => {
  await takeNext();
  press("4");
  fireEvent.change(screen.getByLabelText("Policy"), {
    target: { value: "violence.threats" },
  });
  fireEvent.change(screen.getByLabelText("Reason"), { target: { value: "proven" } });
  await screen.findByText(/3 strikes in 90 d/);
  fireEvent.change(screen.getByLabelText("Suspended for"), {
    target: { value: "86400000" },
  });
  expect(screen.queryByText(/3 strikes in 90 d/)).toBeNull();
  expect(await screen.findByText(/3 strikes in 90 d/)).toBeTruthy();
});

test("what is grave is proposed, and says why", async () => {
  await takeNext();
  press("7");
  fireEvent.change(screen.getByLabelText("Policy"), {
    target: { value: "violence.threats" },
  });
  fireEvent.change(screen.getByLabelText("Reason"), { target: { value: "proven" } });
  fireEvent.change(screen.getByLabelText("Why"), {
    target: { value: "For the police." },
  });
  expect(await screen.findByText(/it is a referral/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: /Propose/ }));
  await screen.findByText("Waits for a second person");
  expect(screen.getByText(/You proposed this/)).toBeTruthy();
});

test("nothing is sent before all is said", async () => {
  await takeNext();
  press("4");
  press("Enter", { ctrlKey: true });
  const said = await screen.findAllByText(
    "Not yet: name a policy, give a reason, say why.",
  );
  expect(said.map(({ className }) => className)).toContain("field-error");
});

test("Ctrl+Enter in a note beside the rail submits nothing", async () => {
  await takeNext();
  fireEvent.click(screen.getByRole("tab", { name: /Notes/ }));
  const note = await screen.findByLabelText("New note");
  fireEvent.keyDown(note, { key: "Enter", ctrlKey: true });
  expect(document.querySelector(".field-error")).toBeNull();
  press("Enter", { ctrlKey: true });
  expect(document.querySelector(".field-error")?.textContent).toMatch(/^Not yet/);
});

test("a second person approves with what the first one wrote before them", async () => {
  await takeNext();
  await decideByKeys("7");
  await screen.findByText("Waits for a second person");
  cleanup();
  const shownBefore = town.revealed.length;
  const loaded = town.calls.filter((call) => call === "getCase").length + 1;
  const one = town.find(threatCase(NOW).summary.caseId);
  const { revision } = one.summary;
  const other = plainCase(3, NOW);
  town.cases.set(toHex(other.summary.caseId), other);
  one.decisions[0]?.caseId.push(other.summary.caseId);
  town.self = { id: "sara", role: [ModeratorRole.SENIOR], childSafety: false };
  openTool(routesOf(town), { at: `#/case/${id}`, token: "s" });
  await screen.findByText("Two threats.");
  expect(town.revealed.length).toBe(shownBefore);
  press("1");
  expect(await screen.findByText(/have not looked at 5 of 5 messages/)).toBeTruthy();
  expect(screen.getByText("It decides case", { exact: false }).textContent).toContain(
    toHex(other.summary.caseId).slice(0, 8),
  );
  await waitFor(() => {
    expect(town.calls.filter((call) => call === "getCase").length).toBeGreaterThan(
      loaded,
    );
  });
  expect(one.summary.state).toBe(CaseState.AWAITING_APPROVAL);
  await waitFor(() => {
    press("Enter", { ctrlKey: true });
    expect(one.summary.state).toBe(CaseState.DECIDED);
  });
  expect(town.approved).toEqual([revision, other.summary.revision]);
});

test("what one wrote or decided is not shown to who signs in next", async () => {
  await takeNext();
  fireEvent.change(screen.getByLabelText("Why"), { target: { value: "Half a thought" } });
  const { summary } = town.find(threatCase(NOW).summary.caseId);
  cleanup();
  rememberDecision("anna", create(DecisionSchema, { state: DecisionState.PROPOSED }));
  town.self = { id: "ben", role: [ModeratorRole.REVIEWER], childSafety: false };
  town.give(summary, "ben");
  openTool(routesOf(town), { at: `#/case/${id}`, token: "b" });
  const why = await screen.findByLabelText<HTMLTextAreaElement>("Why");
  expect(why.value).toBe("");
  expect(screen.queryByLabelText("Last decision")).toBeNull();
});

test("reports that join are news until they were looked at", async () => {
  await takeNext();
  const one = town.find(threatCase(NOW).summary.caseId);
  town.change(one.summary, (summary) => {
    summary.joinedRevision = summary.revision + 1n;
  });
  expect(await screen.findByText("New reports have joined this case")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "I have seen them" }));
  expect(screen.queryByText("New reports have joined this case")).toBeNull();
});

test("what joined unseen is shown before the decision goes out, which stays", async () => {
  await takeNext();
  const { summary } = town.find(threatCase(NOW).summary.caseId);
  summary.joinedRevision = ++summary.revision;
  await decideByKeys("4");
  expect(await screen.findByText("New reports have joined this case")).toBeTruthy();
  expect(screen.getByLabelText<HTMLTextAreaElement>("Why").value).toBe("Two threats.");
  fireEvent.click(screen.getByRole("button", { name: "I have seen them" }));
  press("Enter", { ctrlKey: true });
  await screen.findByText(/takes effect in/);
});

test("evidence that one answer has no room for is listed and read page by page", async () => {
  town.room = 2;
  await takeNext();
  expect(screen.queryByText(/gpj\.exe/)).toBeNull();
  fireEvent.click(await screen.findByRole("button", { name: /Show more evidence/ }));
  await waitFor(() => {
    expect(screen.queryByRole("button", { name: /Show more evidence/ })).toBeNull();
  });
  const proven = () => screen.getAllByText("proven").length;
  expect(proven()).toBe(5);
  press("v");
  expect(await screen.findByText(/gpj\.exe/)).toBeTruthy();
  expect(await screen.findByText(/Look who I saw/)).toBeTruthy();
  // What is loaded anew is as long as it was.
  town.change(town.find(threatCase(NOW).summary.caseId).summary, () => {});
  await waitFor(() => {
    expect(town.calls.slice(-2)).toEqual(["getCase", "getCase"]);
  });
  expect(proven()).toBe(5);
});

test("a note of one's own appears", async () => {
  await takeNext();
  fireEvent.click(screen.getByRole("tab", { name: /Notes/ }));
  fireEvent.change(await screen.findByLabelText("New note"), {
    target: { value: "I asked the seniors." },
  });
  fireEvent.click(screen.getByRole("button", { name: "Add note" }));
  expect(await screen.findByText("I asked the seniors.")).toBeTruthy();
});

test("a case is closed into another once somebody says so", async () => {
  const other = plainCase(3, NOW);
  other.summary.accusedUri = town.find(threatCase(NOW).summary.caseId).summary.accusedUri;
  await takeNext();
  town.cases.set(toHex(other.summary.caseId), other);
  fireEvent.click(screen.getByRole("tab", { name: /Duplicates/ }));
  fireEvent.click(await screen.findByRole("button", { name: /Close this case into/ }));
  expect(town.calls).not.toContain("markDuplicate");
  fireEvent.click(await screen.findByRole("button", { name: "Close it" }));
  await waitFor(() => {
    expect(window.location.hash).toContain(toHex(other.summary.caseId));
  });
  expect(town.calls.filter((call) => call === "markDuplicate").length).toBe(1);
});

test("a lease that ends is said, and what was written stays", async () => {
  town.leaseMs = 4000;
  await takeNext();
  fireEvent.change(screen.getByLabelText("Why"), { target: { value: "Half a thought" } });
  expect(
    await screen.findByText(/Your lease has ended/, {}, { timeout: 8000 }),
  ).toBeTruthy();
  expect(screen.queryByText(/I know when you walk home/)).toBeNull();
  town.leaseMs = 60_000;
  press("c");
  await waitFor(() => {
    expect(screen.getByLabelText<HTMLTextAreaElement>("Why").value).toBe(
      "Half a thought",
    );
  });
});

test("a case that somebody else holds is said to be theirs", async () => {
  const one = town.find(threatCase(NOW).summary.caseId);
  town.give(one.summary, "ben");
  openTool(routesOf(town), { at: `#/case/${id}`, token: "t" });
  expect(await screen.findByText("held by ben")).toBeTruthy();
  expect(screen.queryByRole("button", { name: /Claim this case/ })).toBeNull();
});

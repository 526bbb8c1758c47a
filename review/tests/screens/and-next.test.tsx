import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CaseState } from "#gen/frank/v1/review_pb";
import { toHex } from "../../src/api/ids";
import { recent } from "../../src/app/recent";
import { keepDraft } from "../../src/screens/case/draft";
import { routesOf, Town } from "../world/services";
import { openTool } from "../world/setup";
import { plainCase, threatCase, type TownCase } from "../world/town";
import type { Troubles } from "../world/transport";

const NOW = Date.now();
let town: Town;
let scams: TownCase[];
let troubles: Troubles;

beforeEach(() => {
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({})));
  scams = [1, 2].map((n) => plainCase(n, NOW));
  for (const { summary } of scams) summary.queue = "deception";
  const [first, second] = scams as [TownCase, TownCase];
  town = new Town([first, threatCase(NOW), second]);
  troubles = new Map();
});
afterEach(() => {
  cleanup();
  recent.set([]);
  for (const { summary } of scams) keepDraft("anna", toHex(summary.caseId), undefined);
  vi.unstubAllGlobals();
});

function press(key: string, modifiers = {}) {
  fireEvent.keyDown(document.body, { key, ...modifiers });
}

/** Takes the first scam from a view of scams, and fills in the decision. */
async function takeFirst(view: string) {
  openTool(routesOf(town), { at: view, token: "t", troubles });
  await screen.findByRole("button", { name: /Take the next / });
  press("n");
  await screen.findByText(/Yours for/);
  await screen.findByText("Threats (violence.threats)");
  press("1");
  fireEvent.change(screen.getByLabelText("Policy"), {
    target: { value: "violence.threats" },
  });
  const reason = screen.getByLabelText<HTMLSelectElement>("Reason");
  fireEvent.change(reason, { target: { value: reason.options[1]?.value } });
  fireEvent.change(screen.getByLabelText("Why"), { target: { value: "Seen." } });
}

function submitAndNext() {
  press("Enter", { ctrlKey: true, shiftKey: true });
}

function at(one: TownCase | undefined): string {
  return `#/case/${toHex(one?.summary.caseId ?? new Uint8Array())}`;
}

test("the next case after a decision is of the view that one came from", async () => {
  await takeFirst("#/queue?queue=deception");
  expect(screen.getByText("The next is of the view you came from.")).toBeTruthy();
  submitAndNext();
  await waitFor(() => expect(window.location.hash).toBe(at(scams[1])));
  expect(scams[0]?.summary.state).toBe(CaseState.DECIDED);
});

test("from a view of everything the next is whichever waits", async () => {
  await takeFirst("#/queue");
  expect(screen.queryByText("The next is of the view you came from.")).toBeNull();
  submitAndNext();
  await waitFor(() => expect(window.location.hash).toBe(at(threatCase(NOW))));
});

test("what another looked at before is no view of who signs in next", async () => {
  await takeFirst("#/queue?queue=deception");
  cleanup();
  town.self = { ...town.self, id: "ben" };
  const [first] = scams;
  if (first) town.give(first.summary, "ben");
  openTool(routesOf(town), { at: at(first), token: "b" });
  await screen.findByText(/Yours for/);
  expect(screen.queryByText("The next is of the view you came from.")).toBeNull();
});

test("that no next case came is said where the decision was, and tried again", async () => {
  await takeFirst("#/queue?queue=deception");
  troubles.set("claimCase", "fails");
  submitAndNext();
  await screen.findByText(/Something went wrong in the service/);
  await screen.findByText("Decided before");
  expect(scams[0]?.summary.state).toBe(CaseState.DECIDED);
  troubles.clear();
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(window.location.hash).toBe(at(scams[1])));
});

test("that nothing waits is said where the decision was", async () => {
  for (const one of [...town.cases.values()].slice(1)) town.give(one.summary, "ben");
  await takeFirst("#/queue");
  submitAndNext();
  await screen.findByText("Decided before");
  const said = await screen.findAllByText(/Nothing waits that you could take/);
  expect(said.some((element) => element.closest(".rail"))).toBe(true);
});

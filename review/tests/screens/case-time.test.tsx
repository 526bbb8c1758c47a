// A case as time goes by: whose clock counts, and what is drawn anew for it.
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { toHex } from "../../src/api/ids";
import { prefer } from "../../src/app/preferences";
import { recent } from "../../src/app/recent";
import type * as messages from "../../src/screens/case/message";
import { routesOf, Town } from "../world/services";
import { openTool } from "../world/setup";
import { fillHashes, plainCase, threatCase } from "../world/town";

const HOUR = 3_600_000;
const drawn = vi.hoisted(() => ({ messages: 0 }));
let town: Town;

vi.mock("../../src/screens/case/message", async (importActual) => {
  const actual = await importActual<typeof messages>();
  return {
    Message: (props: Parameters<typeof actual.Message>[0]) => {
      drawn.messages += 1;
      return actual.Message(props);
    },
  };
});

beforeEach(() => {
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({})));
  prefer({ singleKeys: true, textAtOnce: true });
});
afterEach(() => {
  cleanup();
  recent.set([]);
  vi.unstubAllGlobals();
});

function press(key: string, modifiers = {}) {
  fireEvent.keyDown(document.body, { key, ...modifiers });
}

/** The case of a town whose clock is ahead of the browser's, taken by one key. */
async function takeNext(aheadMs = 0): Promise<void> {
  const threat = threatCase(Date.now() + aheadMs);
  await fillHashes([threat]);
  town = new Town([threat]);
  town.aheadMs = aheadMs;
  openTool(routesOf(town), { at: "#/queue", token: "t", now: () => town.now() });
  await screen.findByRole("button", { name: /Take the next case/ });
  press("n");
  await screen.findByText(/I know when you walk home/);
}

/** A countdown on the screen, in seconds. */
function secondsOf(label: RegExp): number {
  const [, minutes, seconds] =
    /(\d+):(\d\d)/.exec(screen.getByText(label).textContent) ?? [];
  return Number(minutes) * 60 + Number(seconds);
}

test.each([HOUR, -HOUR])(
  "with a service's clock %d ms ahead, leases and undoing last as long as they do",
  async (aheadMs) => {
    await takeNext(aheadMs);
    expect(secondsOf(/^Yours for/)).toBeGreaterThan(14 * 60 + 50);
    expect(secondsOf(/^Yours for/)).toBeLessThanOrEqual(15 * 60 + 1);
    expect(screen.getByText(/^in 1[89] min$/)).toBeTruthy();
    press("4");
    fireEvent.change(screen.getByLabelText("Policy"), {
      target: { value: "violence.threats" },
    });
    fireEvent.change(screen.getByLabelText("Reason"), { target: { value: "proven" } });
    fireEvent.change(screen.getByLabelText("Why"), { target: { value: "Two threats." } });
    await screen.findByText(/3 strikes in 90 d/);
    press("Enter", { ctrlKey: true });
    await screen.findByText(/takes effect in/);
    expect(secondsOf(/takes effect in/)).toBeGreaterThan(55);
    expect(secondsOf(/takes effect in/)).toBeLessThanOrEqual(61);
    // Seven days of the service's, not of the browser's.
    const { decisions } = town.find(threatCase(0).summary.caseId);
    const until = Number(decisions[0]?.action[0]?.until ?? 0n);
    expect(Math.abs(until - town.now() - 7 * 24 * HOUR)).toBeLessThan(60_000);
  },
);

test("a second that goes by draws no message anew", async () => {
  await takeNext();
  const before = screen.getByText(/^Yours for/).textContent;
  const count = drawn.messages;
  await waitFor(
    () => {
      expect(screen.getByText(/^Yours for/).textContent).not.toBe(before);
    },
    { timeout: 5000 },
  );
  expect(drawn.messages).toBe(count);
});

/** What a screen reader is given to say, each thing once. */
function spoken(): string[] {
  return [...document.querySelectorAll("[aria-live], [role=status], [role=alert]")]
    .map(({ textContent }) => textContent.trim())
    .filter((text) => text !== "");
}

test("a second that goes by says nothing, and the last minute of a lease is said", async () => {
  await takeNext();
  const said = spoken();
  const before = screen.getByText(/^Yours for/).textContent;
  await waitFor(
    () => {
      expect(screen.getByText(/^Yours for/).textContent).not.toBe(before);
    },
    { timeout: 5000 },
  );
  expect(spoken()).toEqual(said);
  const { summary } = town.find(threatCase(0).summary.caseId);
  town.leaseMs = 61_000;
  town.give(summary, "anna");
  await waitFor(
    () => {
      expect(spoken()).toContain("Your lease ends in a minute.");
    },
    { timeout: 5000 },
  );
});

test("of many changes in a list one thing is said", async () => {
  town = new Town(Array.from({ length: 9 }, (_, n) => plainCase(n + 1, Date.now())));
  openTool(routesOf(town), { at: "#/queue", token: "t", now: () => town.now() });
  await waitFor(() => {
    expect(spoken()).toEqual(["9 cases"]);
  });
  const said = new Set<string>();
  const hears = new MutationObserver(() => {
    for (const text of spoken()) said.add(text);
  });
  hears.observe(document.body, { subtree: true, childList: true, characterData: true });
  for (let n = 20; n < 26; n++) {
    const { summary } = plainCase(n, Date.now());
    town.cases.set(toHex(summary.caseId), plainCase(n, Date.now()));
    town.change(summary, () => {});
  }
  await screen.findByText(/6 changed elsewhere/);
  hears.disconnect();
  expect([...said].filter((text) => text !== "9 cases")).toEqual([
    "The list has changed: refresh it.",
  ]);
});

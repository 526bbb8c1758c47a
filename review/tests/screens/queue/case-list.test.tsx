import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ModeratorRole } from "#gen/frank/v1/moderators_pb";
import { CaseState, ReviewService, Severity } from "#gen/frank/v1/review_pb";
import { toHex } from "../../../src/api/ids";
import { routesOf, Town } from "../../world/services";
import { openTool } from "../../world/setup";
import { plainCase, type TownCase } from "../../world/town";
import type { Troubles } from "../../world/transport";

const NOW = Date.now();
let town: Town;
let troubles: Troubles;
/** How often a page was asked for. */
let asked: number;

beforeEach(() => {
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({})));
  town = new Town(Array.from({ length: 450 }, (_, n) => plainCase(n + 1, NOW)));
  town.self = { id: "sara", role: [ModeratorRole.REVIEWER], childSafety: true };
  asked = 0;
  troubles = new Map();
  const get = troubles.get.bind(troubles);
  vi.spyOn(troubles, "get").mockImplementation((method) => {
    if (method === "listCases") asked++;
    return get(method);
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function open(at = "#/queue") {
  openTool(routesOf(town), { at, token: "t", troubles });
}

/** What stands above the list, whatever else was announced before. */
async function listed(count: RegExp) {
  await waitFor(() => {
    expect(document.querySelector(".list-state")?.textContent).toMatch(count);
  });
}

function scrollTo(row: number): void {
  const grid = screen.getByRole("grid");
  grid.scrollTop = row * 34;
  fireEvent.scroll(grid);
}

test("a page is asked for when it is near, and each once", async () => {
  open();
  await listed(/200 or more cases/);
  expect(asked).toBe(1);
  scrollTo(100);
  await listed(/400 or more cases/);
  scrollTo(300);
  await listed(/450 cases/);
  expect(asked).toBe(3);
});

test("a page that fails is asked for once, and again when somebody says so", async () => {
  open();
  await listed(/200 or more cases/);
  troubles.set("listCases", "fails");
  scrollTo(100);
  await screen.findByText(/Something went wrong in the service/);
  scrollTo(120);
  scrollTo(60);
  troubles.clear();
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  await listed(/400 or more cases/);
  expect(asked).toBe(3);
});

test("a change is drawn where its case stands, and asks for nothing", async () => {
  open();
  await listed(/200 or more cases/);
  const first = document.querySelector("[aria-rowindex='2'] a")?.getAttribute("href");
  const one = town.cases.get(first?.slice("#/case/".length) ?? "");
  if (!one) throw new Error("no such case");
  town.give(one.summary, "ben");
  const holder = await screen.findByText(", ben");
  expect(holder.closest("[role=row]")?.getAttribute("aria-rowindex")).toBe("2");
  expect(asked).toBe(1);
});

test("a case that left the list says so in words", async () => {
  open("#/queue?state=1");
  await listed(/200 or more cases/);
  expect(screen.queryByText(/left this list/)).toBeNull();
  const first = document.querySelector("[aria-rowindex='2'] a")?.getAttribute("href");
  const one = town.cases.get(first?.slice("#/case/".length) ?? "");
  if (!one) throw new Error("no such case");
  town.change(one.summary, (summary) => (summary.state = CaseState.DECIDED));
  const words = await screen.findByText(/left this list/);
  expect(words.closest("[role=row]")?.getAttribute("aria-rowindex")).toBe("2");
});

test("changes of cases that are not listed are counted until they are many", async () => {
  open();
  await listed(/200 or more cases/);
  const shown = [...document.querySelectorAll("[role=grid] a")].map(
    (link) => link.getAttribute("href") ?? "",
  );
  const unlisted = (one: TownCase) =>
    !shown.includes(`#/case/${toHex(one.summary.caseId)}`);
  const last = [...town.cases.values()]
    .filter(unlisted)
    .toSorted((a, b) => a.summary.severity - b.summary.severity)[0];
  if (!last) throw new Error("no case that is not listed");
  town.give(last.summary, "ben");
  town.give(last.summary, "ann");
  fireEvent.click(await screen.findByRole("button", { name: /^1 changed elsewhere/ }));
  await waitFor(() => expect(asked).toBe(2));
  expect(await screen.findByRole("button", { name: /^Refresh/ })).toBeTruthy();
});

test("several values of a field are chosen one by one, and taken off again", async () => {
  open();
  await listed(/200 or more cases/);
  // `words` of the field once it has the value.
  const choose = async (name: RegExp, value: string, words: string) => {
    fireEvent.change(screen.getByRole("combobox", { name }), { target: { value } });
    await waitFor(() => {
      const shown = screen.getByRole("combobox", { name }).querySelector("option");
      expect(shown?.textContent).toBe(words);
    });
  };
  await choose(/^Severity/, Severity.CRITICAL.toString(), "critical");
  await choose(/^Severity/, Severity.HIGH.toString(), "critical, high");
  await choose(/^Area/, "violence", "violence");
  expect(location.hash).toBe("#/queue?severity=4&severity=3&area=violence");
  await choose(/^Severity/, Severity.CRITICAL.toString(), "high");
  await choose(/^Area/, "*", "any");
  expect(location.hash).toBe("#/queue?severity=3");
});

test("a list whose first pages have nothing goes on before it says so", async () => {
  openTool(
    (router) => {
      routesOf(town)(router);
      router.rpc(ReviewService.method.listCases, () => {
        if (asked === 3) troubles.set("listCases", "hangs");
        return { partial: true, nextPageToken: "more" };
      });
    },
    { at: "#/queue", token: "t", troubles },
  );
  await waitFor(() => expect(asked).toBe(4));
  expect(screen.queryByText(/Nothing here/)).toBeNull();
});

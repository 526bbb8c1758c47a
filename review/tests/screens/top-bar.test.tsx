import { cleanup, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ModeratorRole } from "#gen/frank/v1/moderators_pb";
import { toHex } from "../../src/api/ids";
import { routesOf, Town } from "../world/services";
import { openTool } from "../world/setup";
import { threatCase } from "../world/town";

let town: Town;
let at: string;

beforeEach(() => {
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({})));
  const threat = threatCase(Date.now());
  town = new Town([threat]);
  at = `#/case/${toHex(threat.summary.caseId)}`;
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test("who holds a case finds putting it off and handing it over in the open", async () => {
  for (const one of town.cases.values()) town.give(one.summary, "anna");
  openTool(routesOf(town), { at, token: "t" });
  expect(await screen.findByRole("button", { name: /^Put off/ })).toBeTruthy();
  expect(screen.getByRole("button", { name: /^Hand over/ })).toBeTruthy();
  expect(screen.getByText(", kept while you work")).toBeTruthy();
});

test("who may do nothing to a case is offered no menu, and no tag to take off", async () => {
  town.self = { id: "theo", role: [ModeratorRole.AUDITOR], childSafety: false };
  openTool(routesOf(town), { at, token: "t" });
  expect(await screen.findByText("#repeat")).toBeTruthy();
  expect(screen.queryByRole("button", { name: /repeat/ })).toBeNull();
  expect(screen.queryByRole("button", { name: /^Case/ })).toBeNull();
});

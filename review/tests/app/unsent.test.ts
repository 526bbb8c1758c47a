import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  sessionStorage.clear();
});

/** The module as a page that was just loaded has it. */
async function loaded() {
  vi.resetModules();
  return import("../../src/app/unsent");
}

test("what was not sent outlives the page once, and lies in no storage but on the way", async () => {
  const before = await loaded();
  before.unsent.set("draft 00ff anna", { rationale: "Half a thought" });
  expect(sessionStorage.length).toBe(0);
  before.packUnsent();
  const after = await loaded();
  expect(after.unsent.get("draft 00ff anna")).toEqual({ rationale: "Half a thought" });
  expect(sessionStorage.length).toBe(0);
  expect((await loaded()).unsent.size).toBe(0);
});

test("a reload keeps it, and a page that comes back as it was needs no copy", async () => {
  const before = await loaded();
  before.unsent.set("draft 00ff anna", { rationale: "Half a thought" });
  window.dispatchEvent(new Event("pagehide"));
  window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  expect(sessionStorage.length).toBe(0);
  window.dispatchEvent(new Event("pagehide"));
  const after = await loaded();
  expect(after.unsent.get("draft 00ff anna")).toEqual({ rationale: "Half a thought" });
});

test("who signs out leaves nothing, neither here nor for the next page", async () => {
  const before = await loaded();
  before.unsent.set("draft 00ff anna", { rationale: "Half a thought" });
  before.packUnsent();
  const { signOut } = await import("../../src/app/session");
  signOut();
  window.dispatchEvent(new Event("pagehide"));
  expect(before.unsent.size).toBe(0);
  expect(JSON.stringify({ ...sessionStorage })).not.toContain("thought");
});

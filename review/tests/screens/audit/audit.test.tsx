import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ModeratorRole } from "#gen/frank/v1/moderators_pb";
import type { Bytes } from "../../../src/audit/bytes";
import "../../../src/screens/audit";
import { actorInWords, detailsInWords } from "../../../src/screens/audit/detail-words";
import { rememberCheckpoint } from "../../../src/audit/seen";
import { auditLog, entryOf } from "../../world/audit-log";
import { Office, officeRoutes } from "../../world/office";
import { openTool } from "../../world/setup";

const ENTRIES = [
  ["moderator:anna", "case.claimed", "case:0a", 1],
  ["moderator:ben", "case.claimed", "case:0b", 1],
  ["moderator:anna", "case.decided", "case:0a", 2],
  ["service:moderation", "<b>act</b>", "case:0b", 2],
].map(([actor, act, subject, act_number], i) =>
  entryOf(
    Date.UTC(2026, 10, 20 + i, 12),
    actor as string,
    act as string,
    subject as string,
    { act_number: act_number as number },
  ),
);

let log: ReturnType<typeof auditLog>;
beforeEach(() => {
  log = auditLog([...ENTRIES]);
  localStorage.clear();
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ auditVkey: log.vkey })));
  // The rows that a window shows are measured, which takes a window.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(900);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function open(role = ModeratorRole.AUDITOR, at = "#/audit") {
  const office = new Office(log);
  office.self.role = [role];
  openTool(officeRoutes(office), { at, token: "good" });
  return office;
}

/** Changes an entry after the log was signed. */
function tamper(entries: Bytes[], index: number): void {
  entries[index] = entryOf(1, "moderator:eve", "case.claimed", "case:0b", {
    act_number: 1,
  });
}

test("the checkpoint is verified, and remembered by this browser", async () => {
  open();
  expect(await screen.findByText("signature holds")).toBeTruthy();
  expect(screen.getByText(/for the first time/)).toBeTruthy();
  expect(localStorage.getItem("frank.audit.seen")).toContain("\n4\n");
});

test("a log that grew says out of what", async () => {
  rememberCheckpoint(log.vkey, log.checkpointAt(2));
  open();
  expect(await screen.findByText("only grew")).toBeTruthy();
});

test("a log that was rewritten says so, and the older checkpoint stays", async () => {
  const before = log.checkpointAt(2);
  rememberCheckpoint(log.vkey, before);
  tamper(log.entries, 1);
  open();
  expect(await screen.findByText("The log was rewritten.")).toBeTruthy();
  expect(localStorage.getItem("frank.audit.seen")).toBe(`${log.vkey}\n${before}`);
});

test("a log with another key than before fails, and what was seen stays", async () => {
  const before = auditLog([...ENTRIES]);
  rememberCheckpoint(before.vkey, before.checkpointAt(2));
  const kept = localStorage.getItem("frank.audit.seen");
  open();
  expect(await screen.findByText("The log has another key than before.")).toBeTruthy();
  expect(localStorage.getItem("frank.audit.seen")).toBe(kept);
});

test("without a key nothing is called whole", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({})));
  open();
  fireEvent.click(await screen.findByText("Verify the whole log"));
  expect(await screen.findByText(/give the root that the service states/)).toBeTruthy();
  expect(screen.queryByText("whole")).toBeNull();
});

test("the key is shown to compare", async () => {
  open();
  await screen.findByText("signature holds");
  expect(screen.getByText(log.vkey)).toBeTruthy();
});

test("a checkpoint of another key is not believed", async () => {
  const other = auditLog([]);
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ auditVkey: other.vkey })));
  open();
  expect(await screen.findByText(/is not signed by the log's key/)).toBeTruthy();
  expect(localStorage.getItem("frank.audit.seen")).toBeNull();
});

test("entries come newest first, as text", async () => {
  open();
  expect(await screen.findByText("<b>act</b>")).toBeTruthy();
  const rows = screen.getByRole("grid").querySelectorAll("[aria-selected]");
  expect([...rows].map((row) => row.firstChild?.textContent)).toEqual([
    "3",
    "2",
    "1",
    "0",
  ]);
});

test("a filter by who and what leaves the entries that fit", async () => {
  open(ModeratorRole.AUDITOR, "#/audit?actor=moderator:anna&act=case.&from=2026-11-21");
  expect(await screen.findAllByText(/1 found among the newest 4 of 4/)).toBeTruthy();
  const rows = screen.getByRole("grid").querySelectorAll("[aria-selected]");
  expect(rows[0]?.textContent).toContain("decided");
  expect(rows[0]?.textContent).toContain("moderator anna");
});

test("who acted and what of it is to be known stand in words", () => {
  expect(["moderator:anna", "service:moderation", "root"].map(actorInWords)).toEqual([
    "moderator anna",
    "the service",
    "root",
  ]);
  const hash = "ab".repeat(32);
  const details = {
    act_number: 3,
    clear_mismatch: false,
    franking_tag: hash,
    ladder: "ACTION_KIND_SUSPEND",
    strange_thing: 7,
    text_only: true,
  };
  const words = detailsInWords(JSON.stringify(details));
  expect(words?.map(({ name, value }) => `${name} ${value}`.trim())).toEqual([
    `message ${hash}`,
    "follows by itself suspend",
    "strange thing 7",
    "text alone",
  ]);
  expect(words?.filter(({ isHex }) => isHex).length).toBe(1);
  expect(detailsInWords("no JSON")).toBeUndefined();
});

test("an entry is opened and proven with the keyboard", async () => {
  open();
  await screen.findByText("<b>act</b>");
  fireEvent.keyDown(document.body, { key: "j" });
  fireEvent.keyDown(document.body, { key: "o" });
  fireEvent.click(await screen.findByText("Verify that it is in the log"));
  expect(await screen.findByText("in the log")).toBeTruthy();
});

test("an entry is held against the tree also where no key is told", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({})));
  open();
  await screen.findByText("<b>act</b>");
  fireEvent.keyDown(document.body, { key: "j" });
  fireEvent.keyDown(document.body, { key: "o" });
  fireEvent.click(await screen.findByText("Verify that it is in the log"));
  expect(await screen.findByText("in the tree")).toBeTruthy();
  expect(screen.queryByText("in the log")).toBeNull();
});

test("the whole log is hashed anew", async () => {
  open();
  await screen.findByText("<b>act</b>");
  fireEvent.keyDown(document.body, { key: "v" });
  expect(await screen.findByText("whole")).toBeTruthy();
});

test("an entry that was changed shows", async () => {
  const signed = log.checkpointAt(4);
  vi.spyOn(log, "checkpointAt").mockReturnValue(signed);
  tamper(log.entries, 2);
  open();
  fireEvent.click(await screen.findByText("Verify the whole log"));
  expect(await screen.findByText("The log is damaged.")).toBeTruthy();
  expect(screen.getByText(/do not give the root that was signed/)).toBeTruthy();
});

test("a senior reads no log, and may have an act proven", async () => {
  const office = open(ModeratorRole.SENIOR);
  fireEvent.change(await screen.findByLabelText("About"), {
    target: { value: "case:0a" },
  });
  fireEvent.change(screen.getByLabelText("No. about it"), { target: { value: "2" } });
  fireEvent.click(screen.getByText("Verify").closest("button") ?? document.body);
  expect(await screen.findByText("in the log")).toBeTruthy();
  expect(office.calls).toEqual([]);
});

test("what waits and how long is said", async () => {
  const office = open();
  office.pendingSince = BigInt(Date.now() - 65_000);
  fireEvent.click(await screen.findByText("Look again"));
  expect(await screen.findByText(/waits 1 min/)).toBeTruthy();
});

test("the proof of another act than the one asked for is none", async () => {
  const inclusion = log.inclusion.bind(log);
  vi.spyOn(log, "inclusion").mockImplementation(() => inclusion(0));
  open(ModeratorRole.SENIOR);
  fireEvent.change(await screen.findByLabelText("About"), {
    target: { value: "case:0a" },
  });
  fireEvent.change(screen.getByLabelText("No. about it"), { target: { value: "2" } });
  fireEvent.click(screen.getByText("Verify").closest("button") ?? document.body);
  expect(await screen.findByText(/another entry than the one/)).toBeTruthy();
});

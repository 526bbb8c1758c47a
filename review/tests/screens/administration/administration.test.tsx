import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { ModeratorRole } from "#gen/frank/v1/moderators_pb";
import { toHex } from "../../../src/api/ids";
import { sha256, utf8 } from "../../../src/audit/bytes";
import "../../../src/screens/administration";
import { auditLog } from "../../world/audit-log";
import { Office, officeRoutes } from "../../world/office";
import { openTool } from "../../world/setup";

afterEach(cleanup);

function open(at: string, role = ModeratorRole.ADMINISTRATOR) {
  const office = new Office(auditLog([]));
  office.self.role = [role];
  openTool(officeRoutes(office), { at: `#/administration/${at}`, token: "good" });
  return office;
}

/** The button of these words, in a dialog if one is open. */
function press(words: string | RegExp) {
  const button = screen.getByText(words).closest("button");
  if (!button) throw new Error("no such button");
  fireEvent.click(button);
}

test("an account is added; its token is shown once, and only its hash is sent", async () => {
  const office = open("moderators");
  await screen.findByText("anna");
  fireEvent.keyDown(document.body, { key: "a" });
  fireEvent.change(await screen.findByLabelText("Id"), { target: { value: "nora" } });
  fireEvent.click(screen.getByLabelText("reviewer"));
  press("Add");
  const token = (await screen.findByTestId("token")).textContent;
  expect(token).toMatch(/^frank_[A-Za-z0-9_-]{43}$/);
  expect(office.tokens.get("nora")).toBe(toHex(await sha256(utf8(token))));
  expect(office.find("nora").role).toEqual([ModeratorRole.REVIEWER]);
  press("I have handed it over");
  expect(screen.queryByTestId("token")).toBeNull();
  expect(document.body.textContent).not.toContain(token);
  expect(await screen.findByText("nora")).toBeTruthy();
});

test("an id that is taken is refused in words, and the form stays", async () => {
  open("moderators");
  await screen.findByText("anna");
  press("Add a moderator");
  fireEvent.change(await screen.findByLabelText("Id"), { target: { value: "ben" } });
  press("Add");
  expect(await screen.findByText(/sent before with other content/)).toBeTruthy();
  expect(screen.getByLabelText("Id")).toBeTruthy();
});

test("roles are set, and the last administrator keeps theirs", async () => {
  const office = open("moderators/sara");
  fireEvent.click(await screen.findByLabelText("auditor"));
  press("Set these roles");
  expect(await screen.findByText(/The roles of sara are set/)).toBeTruthy();
  expect(office.find("sara").role).toContain(ModeratorRole.AUDITOR);
  cleanup();

  const alone = open("moderators/olga");
  alone.moderators.delete("root");
  fireEvent.click(await screen.findByLabelText("administrator"));
  press("Set these roles");
  expect(await screen.findByText(/Somebody must remain/)).toBeTruthy();
});

test("keeping somebody out asks first", async () => {
  const office = open("moderators/ben");
  await screen.findByText("Access");
  press("Keep out");
  expect(office.find("ben").disabled).toBe(false);
  press("Keep out, now");
  expect(await screen.findByText("Let in again")).toBeTruthy();
  expect(office.find("ben").disabled).toBe(true);
});

test("accounts are linked and unlinked", async () => {
  const office = open("moderators/ben");
  fireEvent.click(
    await screen.findByLabelText("End the link with mimi://hub.example/u/benedict"),
  );
  expect(await screen.findByText("None.")).toBeTruthy();
  expect(office.find("ben").linkedAccount).toEqual([]);
});

test("an auditor reads, and is offered no change", async () => {
  open("moderators/ben", ModeratorRole.AUDITOR);
  await screen.findByText("Acts about them");
  expect(await screen.findByText("added")).toBeTruthy();
  expect(screen.queryByText("Keep out")).toBeNull();
  expect(screen.queryByText("Set these roles")).toBeNull();
});

test("a senior sees no moderators, and policies first", async () => {
  open("moderators", ModeratorRole.SENIOR);
  expect(await screen.findByText("Targeted harassment")).toBeTruthy();
  expect(screen.queryByText("Moderators")).toBeNull();
});

test("proposed rules are tried on past cases, and pages add up", async () => {
  const office = open("routing");
  await screen.findByText("Try other rules on past cases");
  press("Add a rule");
  const rule = (await screen.findByText("Rule 4")).closest("fieldset");
  const form = within(rule ?? document.body);
  fireEvent.change(form.getByLabelText("Goes to"), { target: { value: "seniors" } });
  fireEvent.blur(form.getByLabelText("Scripts"), { target: { value: "Cyrl, Arab" } });
  fireEvent.click(screen.getByLabelText("Take out rule 1"));
  fireEvent.keyDown(document.body, { key: "t" });
  expect(await screen.findByText("14 of 54 cases would go elsewhere.")).toBeTruthy();
  expect(office.proposed.map(({ queue }) => queue)).toEqual([
    "harm",
    "general",
    "seniors",
  ]);
  expect(office.proposed.at(-1)?.language).toEqual(["Cyrl", "Arab"]);
  expect(screen.getByText("→ Escalated")).toBeTruthy();
});

test("an auditor reads the rules and tries none", async () => {
  open("routing", ModeratorRole.AUDITOR);
  expect(await screen.findByText("Rules in force")).toBeTruthy();
  expect(screen.queryByText("Try other rules on past cases")).toBeNull();
});

test("what is due says what stands in the way", async () => {
  open("retention", ModeratorRole.SENIOR);
  expect(await screen.findByText("an appeal may come, or waits")).toBeTruthy();
  expect(await screen.findByText(/acted upon: 1 year/)).toBeTruthy();
  expect(await screen.findByText(/held by/)).toBeTruthy();
});

test("a senior sees who is muted, lets through what waits, and ends a mute", async () => {
  const office = open("mutes", ModeratorRole.SENIOR);
  expect(await screen.findByText("20 or more")).toBeTruthy();
  const row = screen.getByText("mimi://hub.example/u/grumble").closest("tr");
  fireEvent.click(within(row ?? document.body).getByText("Let through what waits"));
  fireEvent.click(await screen.findByText("Let through what waits, now"));
  await waitFor(() => {
    expect(office.mutes.get("mimi://hub.example/u/grumble")).toBe(0);
  });
  fireEvent.click(within(row ?? document.body).getByText("End the mute"));
  expect(office.mutes.size).toBe(2);
  fireEvent.click(await screen.findByText("End the mute, now"));
  await waitFor(() => {
    expect(screen.queryByText("mimi://hub.example/u/grumble")).toBeNull();
  });
  expect([...office.mutes.keys()]).toEqual(["mimi://hub.example/u/snipe"]);
});

test("an auditor sees who is muted and ends nothing; an administrator is not shown it", async () => {
  open("mutes", ModeratorRole.AUDITOR);
  expect(await screen.findByText("mimi://hub.example/u/snipe")).toBeTruthy();
  expect(screen.queryByText("End the mute")).toBeNull();
  cleanup();
  open("mutes");
  await screen.findByText("anna");
  expect(screen.queryByText("Mutes")).toBeNull();
});

test("a key leads from one to the next", async () => {
  open("moderators");
  await screen.findByText("anna");
  fireEvent.keyDown(document.body, { key: "3" });
  expect(await screen.findByText("Reasons of reports")).toBeTruthy();
});

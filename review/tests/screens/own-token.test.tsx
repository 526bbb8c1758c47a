import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { ModeratorSource } from "#gen/frank/v1/moderators_pb";
import { toHex } from "../../src/api/ids";
import { session } from "../../src/app/session";
import { sha256, utf8 } from "../../src/audit/bytes";
import { auditLog } from "../world/audit-log";
import { Office, officeRoutes } from "../world/office";
import { openTool } from "../world/setup";

afterEach(cleanup);

test("one's own token is replaced, shown once, and the page goes on with it", async () => {
  const office = new Office(auditLog([]));
  openTool(officeRoutes(office), { at: "#/settings", token: "old" });
  fireEvent.click(await screen.findByText("Replace my token"));
  expect(office.tokens.size).toBe(0);
  fireEvent.click(await screen.findByText("Replace my token, now"));
  const token = (await screen.findByTestId("token")).textContent;
  expect(office.tokens.get("olga")).toBe(toHex(await sha256(utf8(token))));
  expect(session.get().token).toBe(token);
  fireEvent.click(screen.getByText("I have kept it"));
  expect(screen.queryByTestId("token")).toBeNull();
  expect(document.body.textContent).not.toContain(token);
});

test("who signs in by the provider has no token here to replace", async () => {
  const office = new Office(auditLog([]));
  office.self.source = ModeratorSource.PROVIDER;
  openTool(officeRoutes(office), { at: "#/settings", token: "old" });
  await screen.findByRole("heading", { name: "Settings" });
  expect(screen.queryByText("Replace my token")).toBeNull();
});

import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ModeratorRole, ModeratorService } from "#gen/frank/v1/moderators_pb";
import type { ConnectRouter } from "@connectrpc/connect";
import { session } from "../../src/app/session";
import { openTool } from "../world/setup";

beforeEach(() => {
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ local_tokens: true })));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function services(router: ConnectRouter) {
  router.service(ModeratorService, {
    getSelf: (_, context: HandlerContext) => {
      if (context.requestHeader.get("authorization") !== "Bearer good") {
        throw new ConnectError("", Code.Unauthenticated);
      }
      return { moderator: { id: "anna", role: [ModeratorRole.REVIEWER] } };
    },
  });
}

test("a token signs in, and the tab remembers it alone", async () => {
  openTool(services);
  fireEvent.change(await screen.findByLabelText("Token"), {
    target: { value: " good " },
  });
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("button", { name: "anna" })).toBeTruthy();
  expect(sessionStorage.getItem("frank.token")).toBe("good");
  expect(JSON.stringify({ ...localStorage })).not.toContain("good");
});

test("a token that is not known leads back, and says so", async () => {
  openTool(services, { token: "bad" });
  expect(await screen.findByText(/does not accept this any more/)).toBeTruthy();
  expect(session.get().token).toBeUndefined();
  expect(sessionStorage.getItem("frank.token")).toBeNull();
});

test("an address that a role is not shown leads nowhere", async () => {
  openTool(services, { at: "#/administration", token: "good" });
  expect(await screen.findByRole("heading", { name: /no such screen/ })).toBeTruthy();
});

import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ModeratorRole, ModeratorService } from "#gen/frank/v1/moderators_pb";
import type { ConnectRouter } from "@connectrpc/connect";
import { endSession, session, signIn } from "../../src/app/session";
import { openTool } from "../world/setup";

/** What the service says about itself. */
let config: object;

beforeEach(() => {
  config = { localTokens: true };
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json(config)));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  history.replaceState(null, "", "/");
});

function services(router: ConnectRouter) {
  router.service(ModeratorService, {
    getSelf: async (_, context: HandlerContext) => {
      const credential = context.requestHeader.get("authorization");
      if (credential === "Bearer slow") await new Promise(() => undefined);
      if (credential === "Bearer no role")
        throw new ConnectError("", Code.PermissionDenied);
      if (credential !== "Bearer good") throw new ConnectError("", Code.Unauthenticated);
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
  expect(await screen.findByText(/does not accept this/)).toBeTruthy();
  expect(session.get().token).toBeUndefined();
  expect(sessionStorage.getItem("frank.token")).toBeNull();
});

test("an address that a role is not shown leads nowhere", async () => {
  openTool(services, { at: "#/administration", token: "good" });
  expect(await screen.findByRole("heading", { name: /no such screen/ })).toBeTruthy();
});

test("where the identity provider is the way in, nobody is asked for a token", async () => {
  config = { localTokens: false, oidc: { issuer: "https://id.example", clientId: "r" } };
  openTool(services);
  expect(
    await screen.findByRole("button", { name: "Sign in at id.example" }),
  ).toBeTruthy();
  expect(screen.queryByLabelText("Token")).toBeNull();
});

test("an answer of the provider to nobody's question is said in words, and goes", async () => {
  config = { oidc: { issuer: "https://id.example", clientId: "r" } };
  history.replaceState(null, "", "/?state=a&error=the_words_of_a_stranger");
  openTool(services);
  expect(await screen.findByText(/no answer to a question of this page/)).toBeTruthy();
  expect(screen.queryByText(/stranger/)).toBeNull();
  expect(window.location.search).toBe("");
});

test.each(["signed-out", "idle", "refused"] as const)(
  "after a session that ended %s the next sees nothing of it, and is at its place",
  async (ending) => {
    openTool(services, { at: "#/settings", token: "good" });
    expect(await screen.findByRole("button", { name: "anna" })).toBeTruthy();
    act(() => {
      endSession(ending);
    });
    expect(await screen.findByLabelText("Token")).toBeTruthy();
    act(() => {
      signIn("slow");
    });
    expect(await screen.findByText("Signing in …")).toBeTruthy();
    expect(screen.queryByText("anna")).toBeNull();
    expect(window.location.hash).toBe("#/settings");
  },
);

test("who has no role is told so, and can leave", async () => {
  openTool(services, { token: "no role" });
  expect(await screen.findByText(/Your role does not allow this/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Sign out" }));
  expect(await screen.findByText("You are signed out.")).toBeTruthy();
});

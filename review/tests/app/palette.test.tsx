import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { matches } from "../../src/app/palette";
import { session } from "../../src/app/session";
import { routesOf, Town } from "../world/services";
import { openTool } from "../world/setup";

const ID = "00ff00ff00ff00ff00ff00ff00ff00ff";

beforeEach(() => {
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({})));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** Opens the palette and types into it. */
async function find(text: string): Promise<HTMLElement> {
  openTool(routesOf(new Town([])), { at: "#/queue", token: "t" });
  await screen.findByRole("button", { name: /Take the next case/ });
  fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  const input = await screen.findByRole("combobox", { name: "" });
  fireEvent.change(input, { target: { value: text } });
  return input;
}

async function choose(input: HTMLElement, option: RegExp) {
  await screen.findByRole("option", { name: option });
  await waitFor(() => {
    expect(input.getAttribute("aria-activedescendant")).toBeTruthy();
  });
  fireEvent.keyDown(input, { key: "Enter" });
}

test("a command is found by its words in any order, and run", async () => {
  await choose(await find("settings go"), /Go to Settings/);
  await waitFor(() => {
    expect(window.location.hash).toBe("#/settings");
  });
  expect(screen.queryByRole("combobox")).toBeNull();
});

test("a whole case id opens the case", async () => {
  await choose(await find(` ${ID.toUpperCase()} `), /Open case/);
  await waitFor(() => {
    expect(window.location.hash).toBe(`#/case/${ID}`);
  });
});

test("half an id opens nothing, and what fits nothing says so", async () => {
  await find(ID.slice(2));
  expect(await screen.findByText("Nothing of that name here.")).toBeTruthy();
  expect(screen.queryByRole("option", { name: /Open case/ })).toBeNull();
});

test("one can sign out of it", async () => {
  await choose(await find("sign out"), /Sign out/);
  await waitFor(() => {
    expect(session.get().ended).toBe("signed-out");
  });
});

test("all words must come, case does not matter", () => {
  expect(matches("Go to Queue", "QUEUE go")).toBe(true);
  expect(matches("Go to Queue", "queue away")).toBe(false);
  expect(matches("Go to Queue", "  ")).toBe(true);
});

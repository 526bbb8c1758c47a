import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { prefer } from "../../src/app/preferences";
import { routesOf, Town } from "../world/services";
import { openTool } from "../world/setup";
import { fillHashes, threatCase } from "../world/town";

let town: Town;

beforeEach(async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({})));
  prefer({ singleKeys: true, textAtOnce: true });
  const threat = threatCase(Date.now());
  await fillHashes([threat]);
  town = new Town([threat]);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function press(key: string) {
  fireEvent.keyDown(document.body, { key });
}

test("who decides is told of the picture too that they never opened", async () => {
  openTool(routesOf(town), { at: "#/queue", token: "t" });
  await screen.findByRole("button", { name: /Take the next case/ });
  press("n");
  const rail = within(await screen.findByLabelText("Decision"));
  const texts = "You have not looked at 1 of 5 messages.";
  const pictures = "You have not looked at 1 of 1 pictures and files.";
  expect(await rail.findByText(texts)).toBeTruthy();
  press("v");
  await waitFor(() => {
    expect(rail.queryByText(texts)).toBeNull();
  });
  expect(rail.getByText(pictures)).toBeTruthy();
  fireEvent.click(screen.getByText("Show small, grey and blurred"));
  await waitFor(() => {
    expect(rail.queryByText(pictures)).toBeNull();
  });
});

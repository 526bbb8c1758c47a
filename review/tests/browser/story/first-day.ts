// Somebody new, with the token that an administrator made for them, who sees as
// much as one should at a stretch.
import type { Browser } from "playwright-core";
import { step } from "../chromium.ts";
import { enter, reach, type } from "../keyboard.ts";
import { boReports, OFFERS } from "../people.ts";
import { Moderator } from "../tool.ts";

/** As many as one is shown before a break. */
const SEEN = 8;

/** Returns the token that Olga's browser made. */
export async function addNora(olga: Moderator): Promise<string> {
  const { page } = olga;
  await olga.press("g", "m");
  await olga.sees("Vouched for by");
  await olga.press("a");
  await type(olga, "nora");
  await reach(olga, page.getByLabel("reviewer"));
  await olga.press("Space");
  await olga.look("administration-add");
  await olga.draw("administration-add");
  await enter(olga, page.getByRole("button", { name: "Add", exact: true }));
  await olga.sees("The token of nora");
  await olga.look("a token that is shown once");
  const token = await page.getByTestId("token").textContent();
  await enter(olga, page.getByRole("button", { name: "I have handed it over" }));
  await reach(olga, page.getByRole("link", { name: "nora" }));
  return token ?? "";
}

/** Asks whether to close the case into another about the same account, and leaves it. */
async function compare(nora: Moderator): Promise<void> {
  const { page } = nora;
  await nora.press("]", "]", "]");
  await enter(nora, page.getByRole("button", { name: /^Close this case into/ }));
  await nora.sees("Close this case?");
  await nora.look("question whether to close a case");
  await nora.press("Escape", "[", "[", "[");
}

/** The next to be seen is refused, and the page says why. */
async function rest(nora: Moderator): Promise<void> {
  await nora.sees(/^Break: 1[0-9]:/);
  boReports("deception.spam", ["And one for your friends."]);
  await nora.sees("New reports have joined this case");
  await nora.sees("Time for a break");
  await nora.look("case-break");
  step("Nora is shown as much as one should see at a stretch, and then a break");
}

/** Nobody touches the page for a while; any key but the answer's changes nothing. */
async function goAway(nora: Moderator): Promise<void> {
  await nora.page.clock.install();
  await nora.page.clock.fastForward("14:30");
  await nora.sees("Still there?");
  await nora.look("warning before one is signed out");
  await nora.press("j");
  await nora.page.clock.fastForward("01:00");
  await nora.sees(/nothing was touched for a while/);
  step("who goes away is warned, and signed out");
}

export async function firstDay(browser: Browser, token: string): Promise<void> {
  boReports("deception.spam", OFFERS.slice(0, SEEN));
  const nora = await Moderator.signIn(browser, "nora", token);
  await nora.sees("Spam");
  await nora.press("n");
  await nora.sees("Double your money by Monday.");
  await compare(nora);
  await rest(nora);
  await goAway(nora);
  await nora.leaves();
}

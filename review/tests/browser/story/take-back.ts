// A decision that is taken back in its window, and made again on the way to the
// next case, in which somebody claims what was never said.
import { step } from "../chromium.ts";
import { enter, reach, type } from "../keyboard.ts";
import { boForges, boReports } from "../people.ts";
import type { Moderator } from "../tool.ts";
import { warn } from "./decide.ts";
import { caseOf } from "./share-case.ts";

const COUNTDOWN = ".recent .clock";

/** Insists that the time to take it back runs down. */
async function countsDown(who: Moderator): Promise<void> {
  const clock = who.page.locator(COUNTDOWN);
  const before = await clock.textContent();
  await who.page.waitForFunction(
    ([selector, text]) => document.querySelector(selector)?.textContent !== text,
    [COUNTDOWN, before] as const,
  );
}

async function decideAndTakeBack(ben: Moderator): Promise<void> {
  const id = caseOf(ben);
  await warn(ben);
  await ben.press("Control+Enter");
  await ben.sees(/takes effect in/);
  await countsDown(ben);
  await ben.press("Escape", "u");
  await ben.sees(/Yours for/);
  await ben.page.locator(".recent").waitFor({ state: "detached" });
  if (caseOf(ben) !== id) throw new Error("Ben is at another case");
  step("Ben decides alone, sees the time run, and takes it back by one key");
}

async function decideAndGoOn(ben: Moderator): Promise<void> {
  const id = caseOf(ben);
  await warn(ben);
  await ben.press("Control+Shift+Enter");
  await ben.sees("claimed · forged");
  if (caseOf(ben) === id) throw new Error("Ben is still at his case");
  await ben.sees("Nobody will believe you.");
  await ben.sees(/Yours for/);
  await ben.sees(/takes effect in/);
  await ben.look("case-undo");
  step("he decides again, and has the next case before him by the same keys");
}

/** What can be done with a case besides deciding it, through its dialogs. */
async function passOn(ben: Moderator): Promise<void> {
  const { page } = ben;
  const dialog = page.getByRole("dialog");
  await ben.press("p");
  await ben.sees(/As moderation recomputed it/);
  await ben.look("checks of a forged message");
  await ben.press("p", "t");
  await ben.look("dialog of a tag");
  await type(ben, "one_against_one");
  await enter(ben, dialog.getByRole("button", { name: "Put on" }));
  await ben.sees("#one_against_one");
  await enter(ben, page.getByRole("button", { name: /Take off the tag/ }), "Shift+Tab");
  await page.getByText("#one_against_one").waitFor({ state: "detached" });
  await ben.press("h");
  await ben.look("dialog of putting off");
  await reach(ben, dialog.getByLabel("Why"));
  await type(ben, "The reporter is asked first.");
  await enter(ben, dialog.getByRole("button", { name: "Put off" }));
  await ben.sees("On hold until");
  await enter(ben, page.getByRole("button", { name: "Bring it back now" }));
  await ben.sees("nobody holds it");
  await ben.press("c");
  await ben.sees(/Yours for/);
  await ben.press("o");
  await ben.look("dialog of handing over");
  await reach(ben, dialog.getByLabel("To"));
  await type(ben, "sara");
  await reach(ben, dialog.getByLabel(/^Note/));
  await type(ben, "One of the two messages is made up.");
  await enter(ben, dialog.getByRole("button", { name: "Hand over" }));
  await ben.sees("held by sara");
  step("he tags it, puts it off, brings it back, and hands it over, without pointing");
}

/** Ben, who holds a case that one may decide alone. */
export async function takeBack(ben: Moderator): Promise<void> {
  boReports("harassment.targeted", ["Nobody will believe you."]);
  boForges("I shall burn your café down.");
  await decideAndTakeBack(ben);
  await decideAndGoOn(ben);
  await passOn(ben);
  await ben.leaves();
}

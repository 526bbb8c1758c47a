// Every screen that the morning does not come by, as those see it who are shown it.
import type { Browser } from "playwright-core";
import { enter, reach, type } from "./keyboard.ts";
import { townReports } from "./people.ts";
import { addNora } from "./story/first-day.ts";
import { Moderator } from "./tool.ts";

/** Goes to a screen by its keys, waits until it says something, and looks at it. */
async function visit(
  who: Moderator,
  keys: string,
  screen: string,
  says: string | RegExp,
): Promise<void> {
  await who.press(...keys.split(" "));
  await who.sees(says);
  await who.page.locator(".loading").first().waitFor({ state: "hidden" });
  await who.look(screen);
}

/** The list of a town, and one of its cases. */
async function queueOfTown(sara: Moderator): Promise<void> {
  await townReports();
  await sara.press("r");
  await sara.sees("Somebody may harm themselves");
  await sara.sees("Cruelty to animals");
  await sara.look("queue");
}

async function openedByKeys(sara: Moderator): Promise<void> {
  await sara.press("n");
  await sara.sees(/Yours for/);
  await sara.press("?");
  await sara.page.getByRole("dialog", { name: "Keys" }).waitFor();
  await sara.look("keys");
  await sara.press("Escape", "Control+k");
  await sara.page.getByRole("dialog").waitFor();
  await sara.look("commands");
  await type(sara, "dashboards");
  await sara.press("Enter");
}

export async function asSenior(browser: Browser): Promise<void> {
  const sara = await Moderator.signIn(browser, "sara");
  await sara.sees("Take the next case");
  await queueOfTown(sara);
  await openedByKeys(sara);
  await sara.sees("What moderators were shown");
  await sara.look("dashboards");
  await visit(sara, "g s", "settings", "Single keys act");
  await visit(sara, "g m", "administration-policies", "Threats");
  await visit(sara, "2", "administration-reasons", "Reasons of reports");
  await visit(sara, "3", "administration-routing", "Rules in force");
  await sara.press("t");
  await sara.sees(/cases stay where they are/);
  await sara.look("administration-dry-run");
  await visit(sara, "4", "administration-retention", "Clocks");
  await visit(sara, "5", "administration-mutes", "Nobody is muted.");
  await sara.leaves();
}

export async function asAuditor(browser: Browser): Promise<void> {
  const vera = await Moderator.signIn(browser, "vera");
  await vera.press("g", "l");
  await vera.sees("Verify the whole log");
  await vera.press("v");
  await vera.sees(/give the root that was signed/);
  await vera.look("audit");
  await vera.press("j", "o");
  const dialog = vera.page.getByRole("dialog");
  await enter(vera, dialog.getByRole("button", { name: /^Verify/ }));
  await vera.sees("in the log");
  await vera.look("audit-entry");
  await vera.leaves();
}

/** Returns the token of somebody whom she adds. */
export async function asAdministrator(browser: Browser): Promise<string> {
  const olga = await Moderator.signIn(browser, "olga");
  const token = await addNora(olga);
  await olga.look("administration-moderators");
  await reach(olga, olga.page.getByRole("link", { name: "nora" }), "Shift+Tab");
  await olga.press("Enter");
  await olga.sees("Acts about them");
  await olga.look("administration-moderators-nora");
  await olga.leaves();
  return token;
}

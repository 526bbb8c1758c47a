// Every screen that the morning does not come by, as those see it who are shown it.
import type { Browser } from "playwright-core";
import { Moderator } from "./tool.ts";

/** Goes to a screen, waits until it says something, and looks at it. */
async function visit(
  who: Moderator,
  where: string,
  says: string | RegExp,
): Promise<void> {
  await who.goes(where);
  await who.sees(says);
  await who.page.locator(".loading").first().waitFor({ state: "hidden" });
  await who.look(where.replaceAll("/", "-"));
}

async function openedByKeys(sara: Moderator): Promise<void> {
  await sara.goes("queue");
  await sara.sees("Take the next case");
  await sara.page.locator("main").focus();
  await sara.press("?");
  await sara.page.getByRole("dialog", { name: "Keys" }).waitFor();
  await sara.look("keys");
  await sara.press("Escape", "Control+k");
  await sara.page.getByRole("dialog").waitFor();
  await sara.look("commands");
  await sara.press("Escape");
}

export async function asSenior(browser: Browser): Promise<void> {
  const sara = await Moderator.signIn(browser, "sara");
  await openedByKeys(sara);
  await visit(sara, "referrals", "There is none of these.");
  await visit(sara, "dashboards", "What moderators were shown");
  await visit(sara, "settings", "Single keys act");
  await visit(sara, "administration/policies", "Threats");
  await visit(sara, "administration/reasons", "Reasons of reports");
  await visit(sara, "administration/routing", "Rules in force");
  await visit(sara, "administration/retention", "Clocks");
  await visit(sara, "administration/mutes", "Nobody is muted.");
  await sara.leaves();
}

export async function asAuditor(browser: Browser): Promise<void> {
  const vera = await Moderator.signIn(browser, "vera");
  await vera.goes("audit");
  await vera.sees("Verify the whole log");
  await vera.page.locator("main").focus();
  await vera.press("v");
  await vera.sees(/give the root that was signed/);
  await vera.look("audit");
  await vera.leaves();
}

export async function asAdministrator(browser: Browser): Promise<void> {
  const olga = await Moderator.signIn(browser, "olga");
  await olga.goes("administration/moderators");
  await olga.page.getByRole("button", { name: "Add a moderator" }).click();
  await olga.page.getByLabel("Id", { exact: true }).fill("nora");
  await olga.page.getByLabel("reviewer").check();
  await olga.look("administration-add");
  await olga.page.getByRole("button", { name: "Add", exact: true }).click();
  await olga.page.getByRole("button", { name: "I have handed it over" }).click();
  await visit(olga, "administration/moderators", "nora");
  await visit(olga, "administration/moderators/nora", "Acts about them");
  await olga.leaves();
}

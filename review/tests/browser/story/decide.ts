// What a moderator decides, by the keys of the rail.
import { reach, type } from "../keyboard.ts";
import type { Moderator } from "../tool.ts";

/** Chooses what to do; the first letters choose in a list of grounds. */
async function choose(
  who: Moderator,
  action: string,
  policy: string,
  reason: string,
  why: string,
): Promise<void> {
  await who.page.getByRole("group", { name: "What to do" }).waitFor();
  await who.press(action, "y");
  await type(who, policy);
  await who.press("Escape", "b");
  await type(who, reason);
  await who.press("Escape", "w");
  await type(who, why);
}

/** Suspends until further notice, which needs two people. */
export async function proposeSuspension(who: Moderator): Promise<void> {
  await choose(who, "4", "Threats", "Proven", "Two proven threats.");
  await reach(who, who.page.getByLabel("Suspended for"), "Shift+Tab");
  await type(who, "until");
  await who.sees(/the suspension has no end/);
}

/** Warns, which one may do alone. */
export async function warnOf(who: Moderator, policy: string, why: string): Promise<void> {
  await choose(who, "2", policy, "Proven", why);
  await who.sees("Reporters are told");
}

export async function warn(who: Moderator): Promise<void> {
  await warnOf(who, "Scams", "He asks for money.");
}

/** Refers to an authority, which needs two people. */
export async function proposeReferral(who: Moderator): Promise<void> {
  await choose(who, "7", "Threats", "Proven", "He names a school, and a time.");
  await who.sees(/it is a referral/);
}

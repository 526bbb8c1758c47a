// What a moderator decides, by the keys of the rail.
import { reach, type } from "../keyboard.ts";
import type { Moderator } from "../tool.ts";

/** Policy, reason and why; the first letters choose in a list. */
async function sayWhy(
  who: Moderator,
  policy: string,
  reason: string,
  why: string,
): Promise<void> {
  await who.press("y");
  await type(who, policy);
  await who.press("Escape", "b");
  await type(who, reason);
  await who.press("Escape", "w");
  await type(who, why);
}

/** Suspends until further notice, which needs two people. */
export async function proposeSuspension(who: Moderator): Promise<void> {
  await who.press("4");
  await sayWhy(who, "Threats", "The", "Two proven threats.");
  await reach(who, who.page.getByLabel("Suspended for"), "Shift+Tab");
  await type(who, "until");
  await who.sees(/the suspension has no end/);
}

/** Warns, which one may do alone. */
export async function warn(who: Moderator): Promise<void> {
  await who.press("2");
  await sayWhy(who, "Scams", "The", "He asks for money.");
  await who.sees(/told/);
}

// Two moderators on one case, a lease that ends, and a service that is killed.
import type { Browser } from "playwright-core";
import { step } from "../chromium.ts";
import { type } from "../keyboard.ts";
import { Moderator, restartModeration } from "../tool.ts";

/** The case that is on somebody's screen. */
export function caseOf({ page }: Moderator): string {
  return /case\/([0-9a-f]{32})/.exec(page.url())?.[1] ?? "";
}

/** Opens a case by its id, as it is pasted from elsewhere. */
export async function openById(who: Moderator, id: string): Promise<void> {
  await who.press("Control+k");
  await type(who, id);
  await who.sees(`Open case ${id}`);
  await who.press("Enter");
}

/** Does `meanwhile` while a lease runs out. Returns Ben, who holds the case in the end. */
export async function shareCase(
  browser: Browser,
  meanwhile: () => Promise<void>,
): Promise<Moderator> {
  const anna = await Moderator.signIn(browser, "anna");
  const ben = await Moderator.signIn(browser, "ben");
  await anna.sees("Scam or fraud");
  await anna.press("n");
  await anna.sees(/Yours for/);
  await openById(ben, caseOf(anna));
  await ben.sees("held by anna");
  await ben.sees("anna is here too");
  if ((await ben.page.getByText("You won!").count()) > 0)
    throw new Error("Ben is shown content");
  step("of two moderators on one case one holds it, and both know");
  await restartModeration();
  await anna.press("w");
  await type(anna, "Half a thought");
  await anna.press("Escape");
  await meanwhile();
  await anna.sees("your lease has ended");
  await anna.look("a lease that has ended");
  step("a lease that ends is said, also when the service was killed meanwhile");
  await ben.page.getByRole("button", { name: /Claim this case/ }).waitFor();
  await ben.press("c");
  await ben.sees("You won!");
  await anna.sees("held by ben");
  step("the pages go on by themselves, and Ben takes the case over");
  await anna.leaves();
  return ben;
}

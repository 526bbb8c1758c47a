// The second person: of what was proposed, and of what was appealed.
import type { Browser } from "playwright-core";
import { step } from "../chromium.ts";
import { type } from "../keyboard.ts";
import { frank, Moderator, until } from "../tool.ts";

export async function approve(browser: Browser): Promise<void> {
  const sara = await Moderator.signIn(browser, "sara");
  await sara.press("g", "a");
  await sara.sees("Two proven threats.");
  await sara.look("approvals");
  await sara.press("j", "o");
  await sara.sees(/3 of 3 messages proven/);
  await sara.sees("Approve");
  await sara.press("1");
  await sara.sees("Send: Approve");
  await sara.look("case-approval");
  await sara.press("Control+Enter");
  await sara.sees("Decided before");
  step("Sara, a senior, sees what Anna saw, and approves");
  await sara.leaves();
}

export async function answerAppeal(browser: Browser): Promise<void> {
  const told = await until("Mallory is told", () => frank("mallory", "appeals")[0]);
  const words = "It was a joke among friends.";
  frank("mallory", "appeal", String(told.decision_id), "--text", words);
  const sven = await Moderator.signIn(browser, "sven");
  await sven.press("g", "p");
  await sven.page.locator("main .answers a").waitFor();
  await sven.look("appeals");
  await sven.press("j", "Enter");
  await sven.sees("Claim this case");
  await sven.press("c");
  await sven.sees(words);
  await sven.press("w");
  await type(sven, "It was no joke to him.");
  await sven.press("Escape", "1");
  await sven.sees("Send: The decision stands");
  await sven.look("case-appeal");
  await sven.press("Control+Enter");
  await sven.sees(/the decision stands/);
  step("Sven, who had no hand in it, answers the appeal");
  await sven.leaves();
}

// A morning of moderators: what issue by issue the tool is for, in a real browser,
// by keyboard alone.
import type { Browser } from "playwright-core";
import { play, step } from "./chromium.ts";
import { enter, reach } from "./keyboard.ts";
import { asAdministrator, asAuditor, asSenior } from "./screens.ts";
import { answerAppeal, approve } from "./story/answers.ts";
import { proposeSuspension } from "./story/decide.ts";
import { firstDay } from "./story/first-day.ts";
import { refer } from "./story/refer.ts";
import { shareCase } from "./story/share-case.ts";
import { takeBack } from "./story/take-back.ts";
import { drawFailure, Moderator } from "./tool.ts";

async function lookAtPicture(anna: Moderator): Promise<void> {
  const { page } = anna;
  await anna.press("v");
  await anna.sees("Look who I saw.");
  await enter(anna, page.getByRole("button", { name: "Show small, grey and blurred" }));
  await page.locator(".media-look .veiled").waitFor();
  await reach(anna, page.getByRole("button", { name: "Hold to see it clearly" }));
  await page.keyboard.down("Space");
  await page.locator(".media-look .clear").waitFor();
  await page.keyboard.up("Space");
  await page.locator(".media-look .veiled").waitFor();
  step("a picture is grey and blurred, and clear while a key is held");
}

/** Each act of the case is in the log, which the configuration's key signs. */
async function checkActs(anna: Moderator): Promise<void> {
  const { page } = anna;
  await enter(anna, page.getByRole("button", { name: /Check all/ }));
  await anna.sees("in the signed log");
  if ((await page.getByText("NOT PROVEN").count()) > 0)
    throw new Error("an act is not proven");
}

async function goThroughTabs(anna: Moderator): Promise<void> {
  const { page } = anna;
  for (const tab of [
    "Accused",
    "Reporters",
    "Duplicates",
    "Notes",
    "Audit",
    "Referral",
  ]) {
    await anna.press("]");
    await page.getByRole("tab", { name: tab, selected: true }).waitFor();
    await page.getByRole("tabpanel").waitFor();
    if (tab === "Audit") await checkActs(anna);
    await anna.look(`case-${tab === "Duplicates" ? "related" : tab.toLowerCase()}`);
  }
  step("each part of the case stands; its acts are in the signed log");
}

async function reviewThreat(browser: Browser): Promise<void> {
  const anna = await Moderator.signIn(browser, "anna");
  await anna.sees("Take the next case");
  await anna.sees("Threat of violence");
  await anna.press("n");
  await anna.sees(/3 of 3 messages proven/);
  await anna.sees("PROVEN");
  step("Anna signs in, and takes the next case by one key");
  await anna.sees(/gpj\.exe/);
  const marks = await anna.page.locator(".mark [aria-hidden]").allTextContents();
  if (marks.join(" ") !== "RLO PDF ZWSP") throw new Error(`marks: ${marks.join(" ")}`);
  if ((await anna.page.locator(".untrusted img").count()) > 0)
    throw new Error("markup acted");
  step("a hostile message is letters and visible marks");
  await lookAtPicture(anna);
  await anna.press("p");
  await anna.sees(/As moderation recomputed it/);
  await anna.look("case-checks");
  await anna.press("p");
  await proposeSuspension(anna);
  await anna.look("case");
  await anna.press("Control+Enter");
  await anna.page.getByRole("heading", { name: "Waits for a second person" }).waitFor();
  await anna.press("u");
  await anna.page.locator(".recent").waitFor({ state: "detached" });
  await anna.sees(/Yours for/);
  step("Anna proposes by keyboard alone, and takes it back by one key");
  await proposeSuspension(anna);
  await anna.press("Control+Enter");
  await anna.sees("You proposed this; somebody else must answer.");
  await goThroughTabs(anna);
  await anna.leaves();
}

await play(async (browser) => {
  await reviewThreat(browser);
  await approve(browser);
  const ben = await shareCase(browser, () => answerAppeal(browser));
  await takeBack(ben);
  await refer(browser);
  const token = await asAdministrator(browser);
  await firstDay(browser, token);
  await asSenior(browser);
  await asAuditor(browser);
  step("no screen has anything serious for axe, nor is cut off at 200 %");
}, drawFailure);

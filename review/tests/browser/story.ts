// A morning of moderators: what issue by issue the tool is for, in a real browser.
import type { Browser } from "playwright-core";
import { openBrowser } from "./chromium.ts";
import { asAdministrator, asAuditor, asSenior } from "./screens.ts";
import { drawFailure, frank, Moderator, restartModeration, until } from "./tool.ts";

function step(title: string): void {
  console.log(`   ✓ ${title}`);
}

/** Suspends until further notice, which needs two people; by keyboard alone. */
async function proposeSuspension(anna: Moderator): Promise<void> {
  await anna.press("4", "y");
  await anna.page.keyboard.type("Threats");
  for (let back = 0; back < 5; back++) await anna.press("Shift+Tab");
  await anna.page.keyboard.type("until");
  await anna.press("Escape", "b");
  await anna.page.keyboard.type("The");
  await anna.press("Escape", "w");
  await anna.page.keyboard.type("Two proven threats.");
  await anna.sees(/the suspension has no end/);
}

async function reviewThreat(browser: Browser): Promise<string> {
  const anna = await Moderator.signIn(browser, "anna");
  await anna.sees("Take the next case");
  await anna.sees("Threat of violence");
  await anna.look("queue");
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
  await anna.press("v");
  await anna.sees("Look who I saw.");
  await anna.page.getByRole("button", { name: "Show small, grey and blurred" }).click();
  await anna.page.locator("img.veiled").waitFor();
  const hold = anna.page.getByRole("button", { name: "Hold to see it clearly" });
  await hold.focus();
  await anna.page.keyboard.down("Space");
  await anna.page.locator("img.clear").waitFor();
  await anna.page.keyboard.up("Space");
  await anna.page.locator("img.veiled").waitFor();
  step("a picture is grey and blurred, and clear while a key is held");
  await anna.page.locator("main").focus();
  await proposeSuspension(anna);
  await anna.look("case");
  await anna.press("Control+Enter");
  await anna.sees("Waits for a second person");
  await anna.press("Escape", "u");
  await anna.sees(/Yours for/);
  step("Anna proposes by keyboard alone, and takes it back by one key");
  await anna.page.locator("main").focus();
  await proposeSuspension(anna);
  await anna.press("Control+Enter");
  await anna.sees("You proposed this; somebody else must answer.");
  const id = /case\/([0-9a-f]{32})/.exec(anna.page.url())?.[1] ?? "";
  for (const tab of ["accused", "reporters", "related", "notes", "audit", "referral"]) {
    await anna.goes(`case/${id}/${tab}`);
    await anna.page.getByRole("tabpanel").waitFor();
    await anna.look(`case-${tab}`);
  }
  await anna.goes("case/" + id + "/audit");
  await anna.page.getByRole("button", { name: /Check all/ }).click();
  await anna.sees(/in the signed log|there is no key to check it with/);
  if ((await anna.page.getByText("NOT PROVEN").count()) > 0)
    throw new Error("an act is not proven");
  step("each part of the case stands; its acts are checked as far as there is a key");
  await anna.leaves();
  return id;
}

async function approve(browser: Browser): Promise<void> {
  const sara = await Moderator.signIn(browser, "sara");
  await sara.goes("approvals");
  await sara.sees("Two proven threats.");
  await sara.look("approvals");
  await sara.page.getByRole("link", { name: "See what they saw, and answer" }).click();
  await sara.sees(/3 of 3 messages proven/);
  await sara.sees("Approve");
  await sara.page.locator("main").focus();
  await sara.press("1", "Control+Enter");
  await sara.sees("Decided before");
  step("Sara, a senior, sees what Anna saw, and approves");
  await sara.leaves();
}

async function answerAppeal(browser: Browser): Promise<void> {
  const told = await until("Mallory is told", () => frank("mallory", "appeals")[0]);
  frank(
    "mallory",
    "appeal",
    String(told.decision_id),
    "--text",
    "It was a joke among friends.",
  );
  const sven = await Moderator.signIn(browser, "sven");
  await sven.goes("appeals");
  await sven.page.getByRole("link", { name: "Open" }).waitFor();
  await sven.look("appeals");
  await sven.page.getByRole("link", { name: "Open" }).click();
  await sven.sees("Claim this case");
  await sven.press("c");
  await sven.sees("It was a joke among friends.");
  await sven.press("w");
  await sven.page.keyboard.type("It was no joke to him.");
  await sven.press("Escape", "1", "Control+Enter");
  await sven.sees(/the decision stands/);
  step("Sven, who had no hand in it, answers the appeal");
  await sven.leaves();
}

async function shareCase(browser: Browser): Promise<void> {
  const anna = await Moderator.signIn(browser, "anna");
  const ben = await Moderator.signIn(browser, "ben");
  await anna.sees("Scam or fraud");
  await anna.press("n");
  await anna.sees(/Yours for/);
  const id = /case\/([0-9a-f]{32})/.exec(anna.page.url())?.[1] ?? "";
  await ben.goes(`case/${id}`);
  await ben.sees("held by anna");
  await ben.sees("anna is here too");
  if ((await ben.page.getByText("You won!").count()) > 0)
    throw new Error("Ben is shown content");
  step("of two moderators on one case one holds it, and both know");
  await restartModeration();
  await anna.press("w");
  await anna.page.keyboard.type("Half a thought");
  await anna.press("Escape");
  await anna.sees("your lease has ended");
  step("a lease that ends is said, also when the service was killed meanwhile");
  await ben.page.getByRole("button", { name: /Claim this case/ }).waitFor();
  await ben.page.locator("main").focus();
  await ben.press("c");
  await ben.sees("You won!");
  await anna.sees("held by ben");
  step("the pages go on by themselves, and Ben takes the case over");
  await anna.leaves();
  await ben.leaves();
}

const browser = await openBrowser();
try {
  await reviewThreat(browser);
  await approve(browser);
  await answerAppeal(browser);
  await shareCase(browser);
  await asSenior(browser);
  await asAuditor(browser);
  await asAdministrator(browser);
  step("no screen has anything serious for axe, nor is cut off at 200 %");
} catch (error) {
  await drawFailure(browser);
  throw error;
} finally {
  await browser.close();
}

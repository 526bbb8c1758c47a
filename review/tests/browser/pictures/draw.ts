// Draws every screen as it is on a busy morning, light and dark, for the guide.
import type { Browser } from "playwright-core";
import { play, step } from "../chromium.ts";
import { enter, type } from "../keyboard.ts";
import { proposeSuspension, warnOf } from "../story/decide.ts";
import { addNora } from "../story/first-day.ts";
import { drawFailure, frankAs, Moderator } from "../tool.ts";
import { live } from "./events.ts";
import { planMonth } from "./past.ts";
import { uri } from "./people.ts";
import { NOW, planToday } from "./today.ts";

/** Goes to a screen, waits until it says something, and draws it. */
async function visit(
  who: Moderator,
  place: string,
  screen: string,
  says: string | RegExp,
  height?: number,
): Promise<void> {
  await who.goes(place);
  await who.sees(says);
  await who.page.locator(".loading").first().waitFor({ state: "hidden" });
  await who.draw(screen, height);
}

/** The newest case about an account that was reported so. */
function caseOf(name: string, reason: string): string {
  const filter = ["--accused", uri(name), "--reason", reason];
  const states = ["open", "awaiting_approval", "appealed", "decided"];
  const listed = frankAs(
    "sara",
    "mod",
    "cases",
    ...filter,
    ...states.flatMap((s) => ["--state", s]),
  );
  return String(listed.at(-1)?.case_id);
}

/** Goes on to a tab of the case that is open. */
async function turnTo({ page }: Moderator, tab: string): Promise<void> {
  await page.getByRole("tab", { name: new RegExp(`^${tab}`) }).click();
  await page.getByRole("tab", { name: new RegExp(`^${tab}`), selected: true }).waitFor();
  await page.locator(".loading").first().waitFor({ state: "hidden" });
}

async function drawCase(browser: Browser): Promise<Moderator> {
  const anna = await Moderator.signIn(browser, "anna");
  const { page } = anna;
  await anna.goes(`case/${caseOf("mallory", "violence.threat")}`);
  await anna.sees("Claim this case");
  await anna.press("c");
  await anna.sees(/gpj\.exe/);
  await anna.press("p");
  await anna.draw("case-checks");
  await anna.press("p");
  await anna.press("v");
  await anna.sees("Look who I saw.");
  for (const [tab, screen] of [
    ["Accused", "case-accused"],
    ["Reporters", "case-reporters"],
    ["Duplicates", "case-related"],
    ["Notes", "case-notes"],
  ] as const) {
    await turnTo(anna, tab);
    await anna.draw(screen);
  }
  await turnTo(anna, "Audit");
  await enter(anna, page.getByRole("button", { name: /Check all/ }));
  await anna.sees("in the signed log");
  await anna.draw("case-audit");
  await turnTo(anna, "Messages");
  await enter(anna, page.getByRole("button", { name: "Show small, grey and blurred" }));
  await page.locator(".media-look .veiled").waitFor();
  await proposeSuspension(anna);
  await anna.draw("case");
  await anna.press("Control+Enter");
  await anna.sees("You proposed this; somebody else must answer.");
  return anna;
}

async function drawAnswers(browser: Browser): Promise<void> {
  const sara = await Moderator.signIn(browser, "sara");
  await visit(sara, "approvals", "approvals", "Two proven threats.");
  await sara.goes(`case/${caseOf("mallory", "violence.threat")}`);
  await sara.sees("Approve");
  await sara.press("v");
  await sara.sees(/gpj\.exe/);
  await sara.press("1");
  await sara.sees("Send: Approve");
  await sara.draw("case-approval");
  await sara.leaves();
  const sven = await Moderator.signIn(browser, "sven");
  await visit(sven, "appeals", "appeals", "u/niaj");
  await sven.goes(`case/${caseOf("niaj", "harassment.targeted")}`);
  await sven.sees("Claim this case");
  await sven.press("c");
  await sven.sees("It was a joke among friends.");
  await sven.press("w");
  await type(sven, "It was no joke to him.");
  await sven.press("Escape", "1");
  await sven.sees("Send: The decision stands");
  await sven.draw("case-appeal");
  await sven.leaves();
}

async function drawUndo(browser: Browser): Promise<void> {
  const ben = await Moderator.signIn(browser, "ben");
  await ben.goes(`case/${caseOf("judy", "harassment.targeted")}`);
  await ben.sees("Claim this case");
  await ben.press("c");
  await ben.sees(/Yours for/);
  await warnOf(ben, "Targeted", "Contempt, though he was asked to stop.");
  await ben.press("Control+Enter");
  await ben.sees(/takes effect in/);
  await ben.draw("case-undo");
  await ben.leaves();
}

async function drawSenior(browser: Browser): Promise<void> {
  const sara = await Moderator.signIn(browser, "sara");
  await sara.sees("Somebody may harm themselves");
  await sara.press("j", "j");
  await sara.draw("queue");
  await sara.goes(`case/${caseOf("rupert", "violence.threat")}`);
  await sara.sees("Decided before");
  await turnTo(sara, "Referral");
  await sara.sees("Legal holds");
  await sara.draw("case-referral");
  await sara.goes(`case/${caseOf("wendy", "self_harm.risk")}`);
  await sara.sees("Claim this case");
  await sara.press("c");
  await sara.sees(/Yours for/);
  await sara.press("?");
  await sara.page.getByRole("dialog", { name: "Keys" }).waitFor();
  await sara.draw("keys");
  await sara.press("Escape", "Control+k");
  await sara.page.getByRole("dialog").waitFor();
  await sara.draw("commands");
  await sara.press("Escape");
  await visit(sara, "referrals", "referrals", "AZ 19/26");
  await visit(sara, "dashboards", "dashboards", "What moderators were shown", 1600);
  const exposure = sara.page.getByRole("heading", { name: "What moderators were shown" });
  await exposure.evaluate((heading) => {
    heading.scrollIntoView({ block: "center" });
  });
  await sara.draw("dashboards-exposure");
  await visit(sara, "settings", "settings", "Single keys act");
  await visit(sara, "administration/policies", "administration-policies", "Threats");
  await visit(
    sara,
    "administration/reasons",
    "administration-reasons",
    "Reasons of reports",
  );
  await visit(sara, "administration/routing", "administration-routing", "Rules in force");
  await sara.press("t");
  await sara.sees(/cases? stay/);
  await sara.draw("administration-dry-run", 1100);
  await visit(
    sara,
    "administration/retention",
    "administration-retention",
    "Legal holds",
  );
  await visit(sara, "administration/mutes", "administration-mutes", "u/gus");
  await sara.leaves();
}

async function drawOffice(browser: Browser): Promise<void> {
  const olga = await Moderator.signIn(browser, "olga");
  const token = await addNora(olga);
  await olga.draw("administration-moderators");
  await visit(
    olga,
    "administration/moderators/anna",
    "administration-moderators-anna",
    "Acts about them",
  );
  await olga.leaves();
  const nora = await Moderator.signIn(browser, "nora", token);
  await nora.goes(`case/${caseOf("trent", "deception.spam")}`);
  await nora.sees("Claim this case");
  await nora.press("c");
  await nora.sees("Only three places left.");
  await nora.sees("Time for a break");
  await nora.draw("case-break");
  await nora.leaves();
  const vera = await Moderator.signIn(browser, "vera");
  await vera.goes("audit");
  await vera.sees("Verify the whole log");
  await vera.press("v");
  await vera.sees(/give the root that was signed/);
  await vera.draw("audit");
  await vera.press("j", "o");
  const dialog = vera.page.getByRole("dialog");
  await enter(vera, dialog.getByRole("button", { name: /^Verify/ }));
  await vera.sees("in the log");
  await vera.draw("audit-entry");
  await vera.leaves();
}

planMonth();
planToday();
await live(NOW);
step("a month of reports and decisions has passed");
await play(async (browser) => {
  const anna = await drawCase(browser);
  await drawAnswers(browser);
  await anna.leaves();
  await drawUndo(browser);
  await drawSenior(browser);
  await drawOffice(browser);
  step("every screen is drawn");
}, drawFailure);

// A matter for the police: proposed, approved, named its authority, and handed over
// by somebody else than who proposed it.
import type { Browser } from "playwright-core";
import { step } from "../chromium.ts";
import { enter, reach, type } from "../keyboard.ts";
import { boReports } from "../people.ts";
import { frankAs, Moderator, until } from "../tool.ts";
import { proposeReferral } from "./decide.ts";

const THREAT = "I know which school your daughter goes to, and when it ends.";

const WHY = ["--reason", "proven", "--rationale", "It is a crime here."];

/** Returns the decision; what is reported, and of what policy it is. */
async function referBefore(reason: string, text: string, policy: string) {
  boReports(reason, [text]);
  const [id = ""] = await until(`a case of ${reason} is there`, () => {
    const [found] = frankAs("sara", "mod", "cases", "--reason", reason);
    return found && [String(found.case_id)];
  });
  frankAs("sven", "mod", "claim", id);
  const what = [id, "--action", "refer", "--policy", policy];
  const made = frankAs("sven", "mod", "decide", ...what, ...WHY)[0]?.decision_id;
  frankAs("sara", "mod", "approve", String(made));
  return String(made);
}

/** What was referred before, of which one has its authority. */
async function earlierReferrals(): Promise<void> {
  const words = "Your bank needs your code: bank-help.example";
  const first = await referBefore("deception.phishing", words, "deception.phishing");
  frankAs("sara", "mod", "refer-assign", first, "--authority", "police");
  const offer = "I have two left, no papers, 300 each.";
  await referBefore("illegal_goods.weapons", offer, "illegal_goods.weapons");
}

async function propose(sven: Moderator): Promise<void> {
  boReports("violence.threat", [THREAT]);
  await sven.sees("1 changed elsewhere");
  await sven.press("n");
  await sven.sees(THREAT);
  await proposeReferral(sven);
  await sven.press("Control+Enter");
  await sven.sees("You proposed this; somebody else must answer.");
}

async function approve(sara: Moderator): Promise<void> {
  await sara.press("g", "a");
  await sara.sees("He names a school, and a time.");
  await sara.press("j", "o");
  await sara.sees("Approve");
  await sara.press("1");
  await sara.sees("Send: Approve");
  await sara.press("Control+Enter");
  await sara.sees("Decided before");
}

/** The entry of the newest referral, the last of the list. */
function newest({ page }: Moderator) {
  return page.locator("li.answer").last();
}

async function nameAuthority(sara: Moderator): Promise<void> {
  const dialog = sara.page.getByRole("dialog");
  await sara.press("g", "r");
  await sara.page.locator("li.answer").nth(2).waitFor();
  await enter(sara, newest(sara).getByRole("button", { name: /^Name its authority/ }));
  await reach(sara, dialog.getByLabel("Authority"));
  await type(sara, "The police");
  await sara.look("dialog of an authority");
  await enter(sara, dialog.getByRole("button", { name: "Say so" }));
  await newest(sara).getByText("to be handed over").waitFor();
}

async function fillHandOver(who: Moderator): Promise<void> {
  const dialog = who.page.getByRole("dialog");
  await who.page.locator("li.answer").nth(2).waitFor();
  await enter(who, newest(who).getByRole("button", { name: /^Record the hand-over/ }));
  await reach(who, dialog.getByLabel("Its number"));
  await type(who, "AZ 19/26");
  await reach(who, dialog.getByRole("button", { name: "Record it" }));
}

/** Sends it until it is no longer too early: while the decision can be undone. */
async function sendUntil(who: Moderator, says: RegExp): Promise<void> {
  const seen = who.page.getByText(says).filter({ visible: true }).first();
  for (let tries = 0; tries < 120 && !(await seen.isVisible()); tries++) {
    if (await who.page.getByRole("dialog").isVisible()) await who.press("Enter");
    await who.page.waitForTimeout(500);
  }
  await seen.waitFor();
}

export async function refer(browser: Browser): Promise<void> {
  await earlierReferrals();
  const sven = await Moderator.signIn(browser, "sven");
  const sara = await Moderator.signIn(browser, "sara");
  await propose(sven);
  await approve(sara);
  step("Sven proposes to refer a threat to an authority, and Sara approves");
  await nameAuthority(sara);
  await sven.press("g", "r");
  await fillHandOver(sven);
  await sendUntil(sven, /somebody else than who decided/);
  await sven.look("hand-over that another must record");
  await fillHandOver(sara);
  await sendUntil(sara, /its number there is AZ 19\/26/);
  await sara.look("referrals");
  step("Sara names it; once it takes effect she records the hand-over, Sven may not");
  await sven.leaves();
  await sara.leaves();
}

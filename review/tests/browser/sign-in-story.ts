// Signing in at a real identity provider, and every way in which that ends. The
// provider's pages are its own: whoever gives a name and any password is let in.
import type { Browser } from "playwright-core";
import { play, step } from "./chromium.ts";
import { address, drawFailure, frankAs, Moderator } from "./tool.ts";

/** Leaves for the provider, by keyboard. */
async function leave(who: Moderator): Promise<void> {
  const button = who.page.getByRole("button", { name: /^Sign in at localhost:/ });
  await button.focus();
  await who.press("Enter");
}

/** Answers the provider's questions: who one is, and whether the tool may know. */
async function answer(who: Moderator, login = who.name): Promise<void> {
  const { page } = who;
  await page.getByPlaceholder("Enter any login").fill(login);
  await page.getByPlaceholder("and password").fill("any");
  await who.press("Enter");
  const consent = page.getByRole("button", { name: "Continue" });
  const inside = page.locator("main");
  await consent.or(inside).first().waitFor();
  if (await consent.isVisible()) await consent.click();
}

/** Insists that one is in, under a name, at a place, with nothing else in the address. */
async function isAt(who: Moderator, place: string, login = who.name): Promise<void> {
  await who.page.getByRole("button", { name: `oidc:${login}` }).waitFor();
  const expected = address() + place;
  if (who.page.url() !== expected) {
    throw new Error(`${login} is at ${who.page.url()}, not ${expected}`);
  }
}

async function isShown(who: Moderator, ...screens: string[]): Promise<void> {
  const shown = await who.page.locator("nav.screens a").allTextContents();
  if (shown.join() !== screens.join()) {
    throw new Error(`${who.name} is shown ${shown.join()}`);
  }
}

/** What the tab and the browser keep must not hold a token. */
async function keepsNoToken(who: Moderator): Promise<void> {
  const kept = await who.page.evaluate(() =>
    JSON.stringify([{ ...sessionStorage }, { ...localStorage }]),
  );
  if (/eyJ|token/.test(kept)) throw new Error(`a token is kept: ${kept}`);
}

async function signInAndOut(browser: Browser): Promise<Moderator> {
  const rita = await Moderator.opens(browser, "rita", "#/appeals");
  await rita.page.getByRole("button", { name: /^Sign in at/ }).waitFor();
  await rita.look("sign-in-provider");
  await rita.draw("sign-in-provider");
  await leave(rita);
  await answer(rita);
  await isAt(rita, "#/appeals");
  await isShown(rita, "Queue", "Approvals", "Appeals");
  step(
    "Rita signs in at the provider, is where she wanted to be, and sees a reviewer's screens",
  );
  const tab = await rita.opensTab("#/approvals");
  await leave(tab);
  await isAt(tab, "#/approvals");
  step("in another tab the provider knows her, and asks nothing");
  await tab.page.getByRole("button", { name: "oidc:rita" }).click();
  await tab.page.getByRole("menuitem", { name: "Sign out" }).click();
  for (const one of [tab, rita]) {
    await one.sees("You are signed out.");
    await keepsNoToken(one);
  }
  await tab.page.close();
  step("she signs out in one tab, and no tab is signed in, or has a token");
  return rita;
}

async function comeAfter(rita: Moderator): Promise<void> {
  await leave(rita);
  await rita.page.getByRole("link", { name: "[ Cancel ]" }).click();
  await rita.sees(/did not let you in/);
  if (rita.page.url() !== `${address()}#/appeals`) throw new Error(rita.page.url());
  await rita.look("sign-in-denied");
  step("who breaks it off at the provider is told so, and still at their place");
  await leave(rita);
  await answer(rita, "adam");
  await isAt(rita, "#/appeals", "adam");
  await rita.sees(/your role is not shown it/);
  await isShown(rita, "Dashboards", "Audit", "Administration");
  step("the provider asks anew who comes; it is Adam, who administers");
  await rita.leaves();
}

async function answerNobodysQuestion(browser: Browser): Promise<void> {
  const cleo = await Moderator.opens(browser, "cleo", "?code=stolen&state=another");
  await cleo.sees(/no answer to a question of this page/);
  if (cleo.page.url() !== address()) throw new Error(cleo.page.url());
  await leave(cleo);
  await cleo.page.getByPlaceholder("Enter any login").waitFor();
  await cleo.page.goto(`${address()}?code=stolen&state=another`);
  await cleo.sees(/no answer to a question of this page/);
  await keepsNoToken(cleo);
  await leave(cleo);
  await answer(cleo);
  await isAt(cleo, "");
  step("a stranger's answer is taken by nobody, before one asked and after");
  await cleo.leaves();
}

async function haveNoRole(browser: Browser): Promise<void> {
  const nobody = await Moderator.opens(browser, "nobody");
  await leave(nobody);
  await answer(nobody);
  await nobody.sees("Your role does not allow this");
  await nobody.look("sign-in-no-role");
  await nobody.page.getByRole("button", { name: "Sign out" }).click();
  await nobody.sees("You are signed out.");
  step("who has no role is told so, and can leave");
  await nobody.leaves();
}

/** Goes from screen to screen until the service refuses the token. */
async function workUntilRefused(who: Moderator): Promise<void> {
  const refused = who.page.getByText(/The service does not accept this/);
  for (let tries = 0; tries < 120 && !(await refused.isVisible()); tries++) {
    await who.goes(tries % 2 === 0 ? "queue" : "referrals");
    await who.page.waitForTimeout(500);
  }
  await who.goes("referrals");
  await refused.waitFor();
  await keepsNoToken(who);
}

async function loseTheToken(browser: Browser): Promise<void> {
  const lena = await Moderator.opens(browser, "lena", "#/referrals");
  await leave(lena);
  await answer(lena);
  await isAt(lena, "#/referrals");
  await workUntilRefused(lena);
  await leave(lena);
  await isAt(lena, "#/referrals");
  step("a token that lapsed leads back, and the provider, unasked, to the same place");
  frankAs("olga", "mod-admin", "disable", "oidc:lena");
  await workUntilRefused(lena);
  const back = lena.page.waitForURL(/[?&]code=/, { waitUntil: "commit" });
  await leave(lena);
  await back;
  // Said of the last token already; this one is known to be refused once it is gone.
  await lena.page.waitForFunction(() => !window.location.search.includes("code="));
  await lena.page.waitForFunction(() => sessionStorage.getItem("frank.token") === null);
  await lena.sees(/The service does not accept this/);
  await keepsNoToken(lena);
  step("who is kept out here is not let in, whatever the provider says");
  await lena.leaves();
}

async function touchNothing(browser: Browser): Promise<void> {
  const audrey = await Moderator.opens(browser, "audrey");
  await audrey.page.clock.install();
  await audrey.goes("audit");
  await leave(audrey);
  await answer(audrey);
  await isAt(audrey, "#/audit");
  await audrey.page.clock.fastForward("14:30");
  await audrey.sees("Still there?");
  await audrey.page.clock.fastForward("01:00");
  await audrey.sees(/nothing was touched for a while/);
  await audrey.page.route(/\/\/localhost:/, (route) => route.abort());
  await leave(audrey);
  await audrey.sees(/cannot be reached/);
  await audrey.page.unroute(/\/\/localhost:/);
  await leave(audrey);
  await answer(audrey);
  await isAt(audrey, "#/audit");
  step("who touched nothing is asked anew by the provider, once it can be reached");
  await audrey.leaves();
}

await play(async (browser) => {
  const rita = await signInAndOut(browser);
  await comeAfter(rita);
  await answerNobodysQuestion(browser);
  await haveNoRole(browser);
  await loseTheToken(browser);
  await touchNothing(browser);
}, drawFailure);

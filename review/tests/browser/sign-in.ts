// Signs people in with what they were given: ADDRESS, and "NAME TOKEN" for each.
import type { Browser } from "playwright-core";
import { openBrowser, step } from "./chromium.ts";

const [address = "", ...people] = process.argv.slice(2);

async function signIn(browser: Browser, name: string, token: string): Promise<void> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(address);
  await page.getByLabel("Token").fill(token);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name }).waitFor();
  await page.getByText("Take the next case").waitFor();
  step(`${name} signs in with the token that was printed, and could begin`);
  await context.close();
}

const browser = await openBrowser();
try {
  for (const person of people) {
    const [name = "", token = ""] = person.split(" ");
    await signIn(browser, name, token);
  }
} finally {
  await browser.close();
}

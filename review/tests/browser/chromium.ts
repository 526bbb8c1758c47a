import { chromium, type Browser } from "playwright-core";

/** Debian's Chromium, or the one that CHROMIUM names. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
}

import { chromium, type Browser } from "playwright-core";

/** Debian's Chromium, or the one that CHROMIUM names. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
}

/** Says that a part of a story went well. */
export function step(title: string): void {
  console.log(`   ✓ ${title}`);
}

import { chromium, type Browser } from "playwright-core";

/** Debian's Chromium, or the one that CHROMIUM names. It finds no host but this. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--lang=en-GB",
      // Letters as on a screen of many pixels, whatever this machine's fonts are set to.
      "--font-render-hinting=none",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    ],
  });
}

/** Runs a story in a browser; what was on the screens is kept if it fails. */
export async function play(
  story: (browser: Browser) => Promise<void>,
  drawFailure: (browser: Browser) => Promise<void>,
): Promise<void> {
  const browser = await openBrowser();
  try {
    await story(browser);
  } catch (error) {
    await drawFailure(browser);
    throw error;
  } finally {
    await browser.close();
  }
}

/** Says that a part of a story went well. */
export function step(title: string): void {
  console.log(`   ✓ ${title}`);
}

// A list of 100,000 cases, scrolled through to its end in Chromium over the town
// in memory: what stays in the page is bounded. How long its frames took is
// printed, and no test, since the machine may be busy.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, preview } from "vite";
import { openBrowser } from "./chromium.ts";

const CASES = 100_000;
/** Those that are seen, and 12 before and after them. */
const MOST_ROWS = 60;

/** Scrolls on with each frame, and to where there is more once it is there. */
async function scrollThrough(count: number) {
  const grid = document.querySelector("[role=grid]");
  if (!grid) throw new Error("no list");
  const end = (grid.querySelector(".case-row")?.clientHeight ?? 30) * count;
  const frames: number[] = [];
  let mostRows = 0;
  let before = performance.now();
  while (grid.scrollTop + grid.clientHeight < end) {
    const time = await new Promise<number>((resolve) => {
      requestAnimationFrame(resolve);
    });
    frames.push(time - before);
    before = time;
    grid.scrollTop += 2000;
    mostRows = Math.max(mostRows, grid.querySelectorAll("[role=row]").length);
    if (frames.length > 20_000) break;
  }
  frames.sort((a, b) => a - b);
  const reached = grid.getAttribute("aria-rowcount") ?? "";
  const last = document.querySelector(`#row-${(count - 1).toString()}`);
  return { frames, mostRows, reached, isAtEnd: last !== null };
}

const outDir = mkdtempSync(join(tmpdir(), "frank-long-list-"));
const configFile = join(import.meta.dirname, "../world/vite.config.ts");
await build({ configFile, logLevel: "error", build: { outDir, emptyOutDir: true } });
const server = await preview({
  configFile,
  logLevel: "error",
  build: { outDir },
  preview: { port: 0, host: "127.0.0.1" },
});
const browser = await openBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  const address = server.resolvedUrls?.local[0] ?? "";
  await page.goto(`${address}?cases=1&listed=${CASES.toString()}`);
  await page.locator("[role=row]").nth(5).waitFor({ timeout: 60_000 });
  const { frames, mostRows, reached, isAtEnd } = await page.evaluate(
    scrollThrough,
    CASES,
  );
  const mean = frames.reduce((sum, one) => sum + one, 0) / frames.length;
  const at = (share: number) => frames[Math.floor(frames.length * share)] ?? 0;
  const words = [
    `${frames.length.toString()} frames`,
    `mean ${mean.toFixed(1)} ms`,
    `99 % within ${at(0.99).toFixed(0)} ms`,
    `longest ${(frames.at(-1) ?? 0).toFixed(0)} ms`,
    `at most ${mostRows.toString()} rows in the page`,
  ];
  console.log(`   ${words.join(", ")}`);
  if (reached !== (CASES + 1).toString() || !isAtEnd)
    throw new Error(`the list ended at ${reached}`);
  if (mostRows > MOST_ROWS) throw new Error(`${mostRows.toString()} rows in the page`);
} finally {
  await browser.close();
  await server.close();
  rmSync(outDir, { recursive: true });
}

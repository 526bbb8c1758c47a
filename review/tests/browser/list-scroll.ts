// How a list of many cases scrolls, in a real browser: frames that came late,
// tasks that were long, and what it keeps. Figures, not a test.
//   list-scroll.ts [CASES]
import type { CDPSession, Page } from "playwright-core";
import { runnerImport } from "vite";
import { openBrowser } from "./chromium.ts";

const CASES = Number(process.argv[2] ?? "100000");
const ROW = 34;
/** Rows a second: half a screen a frame, faster than anybody reads. */
const SPEED = 1000;
const FRAME_MS = 1000 / 60;

/** What the page itself sees, by the clock: of the machine as well. */
interface Seen {
  frames: number;
  longestFrameMs: number;
  longTasks: number;
  longestTaskMs: number;
  /** The end of what was loaded was reached, and more was not there yet. */
  waitedMs: number;
  elements: number;
  tookMs: number;
}

interface Figures extends Seen {
  /** Frames of the screen's sixty a second at which nothing new was drawn. */
  dropped: number;
  /** Of the page's main thread, whoever else the machine works for. */
  cpuMs: number;
  heavyTasks: number;
  heaviestTaskMs: number;
}

/** In the page: scrolls at a speed to an end, and counts what hitched. */
async function scroll(options: {
  grid: string;
  to: number;
  rowsASecond: number;
  frameMs: number;
  row: number;
}): Promise<Seen> {
  const grid = document.querySelector(options.grid);
  if (!grid) throw new Error("no grid");
  const tasks: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) tasks.push(duration);
  });
  observer.observe({ type: "longtask" });
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
  const step = (options.rowsASecond * options.row * options.frameMs) / 1000;
  const goal = options.to * options.row;
  const from = await frame();
  let [last, frames, longestFrameMs, waitedMs, elements] = [from, 0, 0, 0, 0];
  while (Math.abs(goal - grid.scrollTop) > grid.clientHeight && last - from < 240_000) {
    const before = grid.scrollTop;
    grid.scrollTop = before + Math.sign(goal - before) * step;
    const now = await frame();
    if (grid.scrollTop === before) waitedMs += now - last;
    frames++;
    longestFrameMs = Math.max(longestFrameMs, now - last);
    if (frames % 30 === 0)
      elements = Math.max(elements, document.querySelectorAll("*").length);
    last = now;
  }
  observer.disconnect();
  return {
    frames,
    longestFrameMs,
    longTasks: tasks.length,
    longestTaskMs: Math.max(0, ...tasks),
    waitedMs,
    elements,
    tookMs: last - from,
  };
}

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  args: { name?: string };
  /** Microseconds of CPU. */
  tdur?: number;
}

/** What each task of the page's main thread took of CPU, milliseconds. */
function tasksOf(trace: Buffer): number[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const tasks = traceEvents
    .filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain")
    .map(({ pid, tid }) =>
      traceEvents
        .filter((event) => event.name === "ThreadControllerImpl::RunTask")
        .filter((event) => event.pid === pid && event.tid === tid)
        .map(({ tdur = 0 }) => tdur / 1000),
    );
  // Chromium keeps another one ready, which does nothing.
  return tasks.sort((one, other) => other.length - one.length)[0] ?? [];
}

async function scrolled(page: Page, to: number, rowsASecond: number): Promise<Figures> {
  const browser = page.context().browser();
  await browser?.startTracing(page, { categories: ["toplevel", "__metadata"] });
  const figures = await page.evaluate(scroll, {
    grid: "[role=grid]",
    to,
    rowsASecond,
    frameMs: FRAME_MS,
    row: ROW,
  });
  const tasks = tasksOf((await browser?.stopTracing()) ?? Buffer.from("{}"));
  return {
    ...figures,
    dropped: Math.max(0, Math.round(figures.tookMs / FRAME_MS) - figures.frames),
    cpuMs: tasks.reduce((sum, ms) => sum + ms, 0),
    heavyTasks: tasks.filter((ms) => ms > 50).length,
    heaviestTaskMs: Math.max(0, ...tasks),
  };
}

function tell(what: string, f: Figures): void {
  const ms = (n: number) => `${n.toFixed(n < 10 ? 1 : 0)} ms`;
  const share = ((100 * f.dropped) / (f.dropped + f.frames)).toFixed(1);
  console.log(
    `   ${what}: ${(f.tookMs / 1000).toFixed(1)} s, waited ${ms(f.waitedMs)} for pages, ` +
      `at most ${f.elements.toString()} elements\n` +
      `      CPU: ${ms(f.cpuMs / f.frames)} a frame; ${f.heavyTasks.toString()} tasks ` +
      `over 50 ms, longest ${ms(f.heaviestTaskMs)}\n` +
      `      clock: ${f.frames.toString()} frames, ${f.dropped.toString()} dropped ` +
      `(${share} %), longest ${ms(f.longestFrameMs)}; ` +
      `${f.longTasks.toString()} tasks over 50 ms, longest ${ms(f.longestTaskMs)}`,
  );
}

/** Presses keys one after another, and says what the slowest took to be drawn. */
async function pressed(page: Page, key: string, times: number) {
  await page.evaluate(() => {
    const durations: number[] = [];
    Object.assign(window, { durations });
    new PerformanceObserver((list) => {
      for (const { name, duration } of list.getEntries())
        if (name === "keydown") durations.push(duration);
    }).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
  });
  for (let i = 0; i < times; i++) await page.keyboard.press(key);
  await page.waitForTimeout(300);
  const slow = await page.evaluate(
    () => (window as unknown as { durations: number[] }).durations,
  );
  console.log(
    `   ${times.toString()} × ${key}: ${slow.filter((n) => n > 50).length.toString()} ` +
      `took over 50 ms to be drawn, slowest ${Math.max(0, ...slow).toString()} ms`,
  );
}

/** What the page keeps after a collection, in megabytes. */
async function heapOf(cdp: CDPSession): Promise<number> {
  await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize } = (await cdp.send("Runtime.getHeapUsage")) as { usedSize: number };
  return usedSize / 1e6;
}

/** The machine itself: as many rows of nothing but a text, drawn anew each frame. */
async function bare(page: Page): Promise<void> {
  await page.setContent(
    `<div role="grid" style="height: 600px; overflow: auto"><div style="height: ${(CASES * ROW).toString()}px; background: repeating-linear-gradient(#eee 0 17px, #ddd 17px 34px)"></div></div>`,
  );
  tell(
    "an empty page of that height, to see the machine",
    await scrolled(page, Math.min(CASES, 10 * SPEED), SPEED),
  );
}

const { module } = await runnerImport<typeof import("./list-service")>(
  new URL("./list-service.ts", import.meta.url).pathname,
  { configFile: false },
);
const list = new module.LongList(CASES);
const address = await module.serveLongList(list);
const browser = await openBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  page.setDefaultTimeout(300_000);
  page.on("pageerror", (error) => console.error(error.message));
  await bare(page);
  await page.addInitScript(() => sessionStorage.setItem("frank.token", "t"));
  await page.goto(`${address}#/queue`);
  await page.locator("[role=grid] [aria-selected]").first().waitFor();
  const cdp = await page.context().newCDPSession(page);
  const before = await heapOf(cdp);
  for (let fifth = 1; fifth <= 5; fifth++) {
    const to = Math.round((fifth * CASES) / 5);
    tell(`down to ${to.toLocaleString("en-GB")}`, await scrolled(page, to, SPEED));
  }
  const heap = (await heapOf(cdp)) - before;
  console.log(
    `   keeps ${heap.toFixed(1)} MB more than the first page, ` +
      `${((1e6 * heap) / CASES).toFixed(0)} bytes a case`,
  );
  const changing = setInterval(
    () => list.change(100, `ben${Math.random().toString()}`),
    100,
  );
  tell("back up, 1,000 changes a second", await scrolled(page, 0, 10 * SPEED));
  clearInterval(changing);
  await page.locator("[role=grid]").focus();
  await pressed(page, "ArrowDown", 200);
  await pressed(page, "PageDown", 200);
  await pressed(page, "End", 20);
  await pressed(page, "Home", 20);
} finally {
  await browser.close();
}

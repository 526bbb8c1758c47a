// The tool in Chromium, as a moderator meets it, and the servers behind it.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

function needed(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

const RUN = needed("FRANK_RUN");
const BIN = needed("FRANK_BIN");
const MODERATION = `${RUN}/moderation`;
const CA = `${RUN}/public/ca.pem`;

/** A picture of 320 by 220 that somebody might send. */
export const STATION = fileURLToPath(new URL("station.png", import.meta.url));

/** What the tool is made for, at the least. */
const WIDTH = 1280;
const HEIGHT = 720;

/** Where the tool is: the port of the configuration. */
export function address(): string {
  const config = readFileSync(`${MODERATION}/config`, "utf8");
  const web = /web \{[^}]*address: "([^"]+)"/.exec(config)?.[1];
  if (web === undefined) throw new Error("the configuration has no web port");
  return `https://${web}/`;
}

/** One moderator's window. Whatever the page complains about fails the story. */
export class Moderator {
  readonly complaints: string[] = [];
  readonly name: string;
  readonly page: Page;
  #context: BrowserContext;

  private constructor(name: string, context: BrowserContext, page: Page) {
    this.name = name;
    this.page = page;
    this.#context = context;
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (message) => {
      if (message.text().includes("Content Security Policy"))
        this.complaints.push(message.text());
    });
    page.on("dialog", (dialog) => {
      this.complaints.push("a dialog opened");
      void dialog.dismiss();
    });
  }

  /** Opens the tool in a browser of their own, at a place, signed out. */
  static async opens(browser: Browser, name: string, place = ""): Promise<Moderator> {
    const context = await browser.newContext({
      ignoreHTTPSErrors: true,
      viewport: { width: WIDTH, height: HEIGHT },
      locale: "en-GB",
    });
    return Moderator.#inTab(context, name, place);
  }

  static async #inTab(context: BrowserContext, name: string, place: string) {
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const moderator = new Moderator(name, context, page);
    await page.goto(address() + place);
    return moderator;
  }

  /** By the token that scripts/dev-keys made, or another. */
  static async signIn(
    browser: Browser,
    name: string,
    token = readFileSync(`${RUN}/moderators/${name}.token`, "utf8").trim(),
  ): Promise<Moderator> {
    const moderator = await Moderator.opens(browser, name);
    const { page } = moderator;
    await page.getByLabel("Token").fill(token);
    if (browser.contexts().length === 1 && name === "anna") {
      await moderator.look("sign-in");
      await moderator.draw("sign-in");
    }
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name }).waitFor();
    return moderator;
  }

  /** A second tab of the same browser. */
  async opensTab(place: string): Promise<Moderator> {
    return Moderator.#inTab(this.#context, this.name, place);
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).filter({ visible: true }).first().waitFor();
  }

  async goes(where: string): Promise<void> {
    await this.page.evaluate((hash) => (window.location.hash = hash), `#/${where}`);
  }

  /** Complains of what axe finds serious here, and of what is cut off at 200 %. */
  async look(what: string): Promise<void> {
    const hasAxe = await this.page.evaluate(() => "axe" in window);
    if (!hasAxe) await this.page.evaluate(AXE);
    for (const colorScheme of ["dark", "light"] as const) {
      await this.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      // What does not hang on colours is the same in both.
      const rules = colorScheme === "light" ? COLOUR_RULES : undefined;
      await this.#findSerious(`${what}, ${colorScheme}`, rules);
    }
    await this.#findCut(what);
  }

  /** Draws what is seen, light and dark, if there is a folder for pictures. */
  async draw(screen: string, height = HEIGHT): Promise<void> {
    const images = process.env.WEB_IMAGES ?? "";
    if (images === "") return;
    await this.page.setViewportSize({ width: WIDTH, height });
    for (const colorScheme of ["dark", "light"] as const) {
      await this.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await this.page.screenshot({ path: `${images}/${screen}-${colorScheme}.png` });
    }
    await this.page.setViewportSize({ width: WIDTH, height: HEIGHT });
  }

  async #findSerious(screen: string, rules?: readonly string[]): Promise<void> {
    const serious = await this.page.evaluate(async (only) => {
      const { axe } = window as unknown as { axe: typeof import("axe-core") };
      const { violations } = await axe.run(only ? { runOnly: [...only] } : {});
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200) ?? ""}`);
    }, rules);
    this.complaints.push(...serious.map((what) => `${screen}: ${what}`));
  }

  /** A screen of 1280 by 720 at 200 % shows 640 by 360: no part is beside it. */
  async #findCut(screen: string): Promise<void> {
    await this.page.setViewportSize({ width: 640, height: 360 });
    const cut = await this.page.evaluate(() => {
      // Tables and rows of tabs may scroll by themselves; nothing else may.
      const scrolls = (element: Element) => {
        if (!element.closest("table, [role=grid], [role=tablist], nav, pre"))
          return false;
        for (let at: Element | null = element; at; at = at.parentElement) {
          if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return true;
        }
        return false;
      };
      return [...document.querySelectorAll("body *")]
        .filter((element) => {
          const { left, right, width, height } = element.getBoundingClientRect();
          const isSeen = width > 1 && height > 1 && element.checkVisibility();
          return isSeen && (right > window.innerWidth + 1 || left < -1);
        })
        .filter((element) => !element.closest(".unseen, .skip") && !scrolls(element))
        .map((element) => element.outerHTML.slice(0, 120));
    });
    await this.page.setViewportSize({ width: WIDTH, height: HEIGHT });
    if (cut[0] !== undefined) {
      const count = cut.length.toString();
      this.complaints.push(`${screen} at 200 %: ${count} are cut off, first ${cut[0]}`);
    }
  }

  async leaves(): Promise<void> {
    if (this.complaints.length > 0) {
      throw new Error(`${this.name}'s page complains:\n${this.complaints.join("\n")}`);
    }
    await this.#context.close();
  }
}

/** Leaves what was on the screens beside the servers' logs. */
export async function drawFailure(browser: Browser): Promise<void> {
  const pages = browser.contexts().flatMap((context) => context.pages());
  for (const [i, page] of pages.entries()) {
    const path = `${RUN}/failed-${(i + 1).toString()}.png`;
    await page.screenshot({ path });
    console.error(`   what was on the screen: ${path}`);
  }
}

type Answers = Record<string, unknown>[];

function run(program: string, args: string[], home = ""): Answers {
  const answer = execFileSync(`${BIN}/${program}`, [...args, "--json"], {
    env: { ...process.env, FRANK_HOME: `${RUN}/homes/${home}` },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  return answer
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** What `frank --json` answers somebody, a line an object. */
export function frank(home: string, ...args: string[]): Answers {
  return run("frank", args, home);
}

/** The same of a dishonest client. */
export function forge(home: string, ...args: string[]): Answers {
  return run("frank-forge", args, home);
}

/** What `frank --json` answers a moderator with a token of a local account. */
export function frankAs(moderator: string, ...args: string[]): Answers {
  const server = readFileSync(`${MODERATION}/address`, "utf8").trim();
  const token = ["--token-file", `${RUN}/moderators/${moderator}.token`];
  return run("frank", [...args, "--server", server, "--ca", CA, ...token]);
}

/** Lets somebody new come, with a device. */
export function register(home: string, account: string): void {
  const server = readFileSync(`${RUN}/ports/platform`, "utf8").trim();
  const keys = ["--ca", CA, "--moderation-key", `${RUN}/public/identity.pub`];
  frank(home, "register", "--account", account, "--server", server, ...keys);
}

export async function until<T>(what: string, find: () => T | undefined): Promise<T> {
  for (let tries = 0; tries < 240; tries++) {
    const found = find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`waited in vain until ${what}`);
}

/** Whether a process has let go of what it held, its store's lock too. */
function hasEnded(pid: number): boolean {
  try {
    return /^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid.toString()}/status`, "utf8"));
  } catch {
    return true;
  }
}

/** Kills frank-moderation and starts it again, as its keeper would. */
export async function restartModeration(): Promise<void> {
  const pid = Number(readFileSync(`${MODERATION}/pid`, "utf8"));
  process.kill(pid, "SIGKILL");
  await until("the killed one is gone", () => hasEnded(pid) || undefined);
  rmSync(`${MODERATION}/address`);
  const log = openSync(`${MODERATION}/log`, "a");
  const child = spawn(`${BIN}/frank-moderation`, ["--config", `${MODERATION}/config`], {
    stdio: ["ignore", log, log],
    detached: true,
  });
  child.unref();
  writeFileSync(`${MODERATION}/pid`, `${(child.pid ?? 0).toString()}\n`);
  await until(
    "moderation serves again",
    () => existsSync(`${MODERATION}/address`) || undefined,
  );
}

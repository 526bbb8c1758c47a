// A month of reports and decisions before the day of the pictures.
import { frankAs } from "../tool.ts";
import { at, DAY, HOUR, MINUTE, PAST_DAYS } from "./clock.ts";
import { plan } from "./events.ts";
import {
  appeals,
  caseAbout,
  comes,
  forges,
  isOpen,
  reports,
  saysIfFree,
} from "./people.ts";
import {
  draw,
  INCIDENTS,
  pick,
  REPORTED,
  REPORTED_TODAY,
  REPORTERS,
  type Incident,
} from "./town.ts";

const UNPROVEN = {
  policy: "unverifiable",
  action: "none",
  why: "What was reported is not what was sent.",
} as const;

const CRITICAL = ["violence.threat", "self_harm.risk"];

/** Most are taken up in minutes, what is critical first, and some after hours. */
function patience(reason: string): number {
  if (CRITICAL.includes(reason)) return (1 + draw(25)) * MINUTE;
  return draw(6) === 0 ? (3 + draw(30)) * HOUR : (4 + draw(90)) * MINUTE;
}

function decide(who: string, id: string, what: Incident): string {
  const action = ["--action", what.action];
  if (what.action === "limit") action.push("--for", "1d", "--messages-an-hour", "20");
  const reason = what.action === "none" ? "no_breach" : "proven";
  const words = ["--policy", what.policy, "--reason", reason, "--rationale", what.why];
  const made = frankAs(who, "mod", "decide", id, ...action, ...words);
  const decision = String(made[0]?.decision_id);
  // What its strikes lead to may need a second person.
  if (made[0]?.state !== "made") frankAs("sara", "mod", "approve", decision);
  return decision;
}

/** The account appeals; somebody who had no hand in it answers, a day later. */
function appeal(time: number, account: string, decision: string, id: string): void {
  plan(time, async () => {
    await appeals(account, decision, "It was not meant like that.");
    plan(time + DAY + draw(40) * HOUR, () => {
      const verdict = draw(4) === 0 ? "overturn" : "uphold";
      const why = verdict === "uphold" ? "It stands." : "Read whole, it is banter.";
      frankAs("sven", "mod", "claim", id);
      frankAs("sven", "mod", "appeal", id, "--verdict", verdict, "--reason", why);
    });
  });
}

/** Somebody takes the case up, reads it, and decides minutes after. */
function takeUp(time: number, account: string, id: string, what: Incident): void {
  plan(time, () => {
    if (!isOpen(account, id)) return; // Decided with an earlier report.
    const who = pick(["anna", "ben"]);
    frankAs(who, "mod", "claim", id);
    const done = time + (1 + draw(9)) * MINUTE;
    plan(done, () => {
      const decision = decide(who, id, what);
      if (what.action !== "none" && draw(7) === 0)
        appeal(done + (2 + draw(20)) * HOUR, account, decision, id);
    });
  });
}

function planIncident(time: number): void {
  const what = pick(INCIDENTS);
  const account = pick(REPORTED);
  const reporter = pick(REPORTERS);
  const isForged = draw(24) === 0;
  plan(time, async () => {
    const sent = saysIfFree(account, reporter, what.texts);
    if (sent.length === 0) return;
    if (isForged) forges(reporter, sent[0] ?? "", "I shall find you.");
    else reports(reporter, what.reason, ...sent);
    const id = await caseAbout(account, isForged ? "harassment.targeted" : what.reason);
    takeUp(
      time + patience(what.reason),
      account,
      id,
      isForged ? { ...what, ...UNPROVEN } : what,
    );
  });
}

/** How many come in a day: more at the end of a week, and more each week. */
function incidentsOf(day: number): number {
  const isWeekend = day % 7 > 4;
  return 9 + draw(5) + (isWeekend ? 4 : 0) + Math.floor(day / 8);
}

/** Before the day of the pictures somebody sees to what was left over. */
function clearUp(): void {
  for (const { case_id, opened_at } of frankAs("ben", "mod", "cases")) {
    if (Number(opened_at) >= at(PAST_DAYS - 1, 0)) continue;
    frankAs("ben", "mod", "claim", String(case_id));
    const words = [
      "--reason",
      "already_decided",
      "--rationale",
      "Decided with the rest.",
    ];
    const what = ["--action", "none", "--policy", "no_breach", ...words];
    frankAs("ben", "mod", "decide", String(case_id), ...what);
  }
}

export function planMonth(): void {
  plan(at(0, 0), () => {
    for (const name of [...REPORTERS, ...REPORTED, ...REPORTED_TODAY]) comes(name);
  });
  plan(at(PAST_DAYS, 0), clearUp);
  for (let day = 0; day < PAST_DAYS; day++) {
    for (let left = incidentsOf(day); left > 0; left--)
      planIncident(at(day, 7 * 60 + draw(15 * 60)));
  }
}

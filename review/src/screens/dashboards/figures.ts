// What the service counted, added up as charts and tables want it. Whatever can
// be added is; times cannot, so of several the longest stands.
import type { Inflow, Reached, TimeReached } from "#gen/frank/v1/target_pb";
import { periodsOf, type Span } from "./spans";

/** What came in, in one period, of all queues. */
export interface InflowRow {
  start: number;
  opened: number;
  reports: number;
  unopenable: number;
  proven: number;
  forged: number;
  unverifiable: number;
  appeals: number;
}

/** How many of a number were in time, and how many should have been. */
export interface InTime {
  count: number;
  inTime: number;
  /** The sum of the targets of each, so that their mean can be had. */
  targetSum: number;
}

export interface ReachedRow {
  start: number;
  firstAction: InTime;
  decision: InTime;
  decisions: number;
  reversed: number;
  overturned: number;
  upheld: number;
}

/** What was reached in the whole span, of one queue and reason. */
export interface KindRow {
  queue: string;
  reason: string;
  firstAction: TimeOfKind;
  decision: TimeOfKind;
}
export interface TimeOfKind extends InTime {
  /** Milliseconds, the longest of all periods; Infinity: more than 30 days. */
  medianMs: number;
  ninthDecileMs: number;
  /** Milliseconds; 0: within the deadline of the case. */
  targetMs: number;
}

const NONE: InTime = { count: 0, inTime: 0, targetSum: 0 };

function plus(sum: InTime, time: TimeReached | undefined): InTime {
  if (!time) return sum;
  const count = Number(time.count);
  return {
    count: sum.count + count,
    inTime: sum.inTime + Number(time.inTime),
    targetSum: sum.targetSum + count * time.targetPerMille,
  };
}

/** Percent in time; undefined: there was nothing. */
export function percentInTime({ count, inTime }: InTime): number | undefined {
  return count === 0 ? undefined : (100 * inTime) / count;
}

/** The target in percent, each case weighing the same; undefined: nothing was. */
export function targetPercent({ count, targetSum }: InTime): number | undefined {
  return count === 0 ? undefined : targetSum / count / 10;
}

function emptyInflow(start: number): InflowRow {
  return {
    start,
    opened: 0,
    reports: 0,
    unopenable: 0,
    proven: 0,
    forged: 0,
    unverifiable: 0,
    appeals: 0,
  };
}

/** By period, those in which nothing came included. */
export function inflowRows(inflow: readonly Inflow[], span: Span): InflowRow[] {
  const rows = new Map(periodsOf(span).map((start) => [start, emptyInflow(start)]));
  for (const one of inflow) {
    const row = rows.get(Number(one.periodStartedAt));
    if (!row) continue;
    row.opened += Number(one.openedCount);
    row.reports += Number(one.reportCount);
    row.unopenable += Number(one.unopenableReportCount);
    row.proven += Number(one.provenCount);
    row.forged += Number(one.forgedCount);
    row.unverifiable += Number(one.unverifiableCount);
    row.appeals += Number(one.appealCount);
  }
  return [...rows.values()];
}

function emptyReached(start: number): ReachedRow {
  return {
    start,
    firstAction: NONE,
    decision: NONE,
    decisions: 0,
    reversed: 0,
    overturned: 0,
    upheld: 0,
  };
}

export function reachedRows(reached: readonly Reached[], span: Span): ReachedRow[] {
  const rows = new Map(periodsOf(span).map((start) => [start, emptyReached(start)]));
  for (const one of reached) {
    const row = rows.get(Number(one.periodStartedAt));
    if (!row) continue;
    row.firstAction = plus(row.firstAction, one.firstAction);
    row.decision = plus(row.decision, one.decision);
    row.decisions += Number(one.accuracy?.decisionCount ?? 0n);
    row.reversed += Number(one.accuracy?.reversedCount ?? 0n);
    row.overturned += Number(one.accuracy?.overturnedCount ?? 0n);
    row.upheld += Number(one.accuracy?.upheldCount ?? 0n);
  }
  return [...rows.values()];
}

const BEYOND = 2n ** 64n - 1n;

function length(ms: bigint): number {
  return ms === BEYOND ? Infinity : Number(ms);
}

function longest(sum: TimeOfKind, time: TimeReached | undefined): TimeOfKind {
  return {
    ...plus(sum, time),
    medianMs: Math.max(sum.medianMs, length(time?.medianMs ?? 0n)),
    ninthDecileMs: Math.max(sum.ninthDecileMs, length(time?.ninthDecileMs ?? 0n)),
    targetMs: time ? Number(time.targetMs) : sum.targetMs,
  };
}

/** By queue and reason; those with the most cases first. */
export function kindRows(reached: readonly Reached[]): KindRow[] {
  const none: TimeOfKind = { ...NONE, medianMs: 0, ninthDecileMs: 0, targetMs: 0 };
  const rows = new Map<string, KindRow>();
  for (const { queue, reason, firstAction, decision } of reached) {
    const key = `${queue} ${reason}`;
    const row = rows.get(key) ?? { queue, reason, firstAction: none, decision: none };
    rows.set(key, {
      ...row,
      firstAction: longest(row.firstAction, firstAction),
      decision: longest(row.decision, decision),
    });
  }
  const cases = (row: KindRow) => row.firstAction.count + row.decision.count;
  return [...rows.values()].sort((a, b) => cases(b) - cases(a));
}

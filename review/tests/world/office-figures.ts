// What came in and what was reached, in memory: the same figures for the same names.
import type { ConnectRouter } from "@connectrpc/connect";
import { ReachedPeriod, TargetService } from "#gen/frank/v1/target_pb";
import { QUEUES, REASONS } from "./tables";
import { bytesOf } from "./town";

const DAY = 24 * 60 * 60_000;

/** A number between 0 and 1 that is the same for the same name. */
export function chance(name: string): number {
  const [a = 0, b = 0] = bytesOf(name, 2);
  return (a * 256 + b) / 65536;
}

function periods(from: number, until: number, period: ReachedPeriod) {
  const all: { start: number; end: number; days: number }[] = [];
  for (let start = from; start < until;) {
    const date = new Date(start);
    const next = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
    const end = Math.min(period === ReachedPeriod.MONTH ? next : start + DAY, until);
    all.push({ start, end, days: Math.round((end - start) / DAY) });
    start = end;
  }
  return all;
}

function inflowOf(start: number, end: number, days: number, queue: string) {
  const name = `${queue}${start.toString()}`;
  const weekend = [0, 6].includes(new Date(start).getUTCDay()) && days === 1 ? 1.5 : 1;
  const reports = Math.round(days * weekend * (4 + 12 * chance(name)));
  const share = (of: number, part: number) =>
    BigInt(Math.round(of * part * (0.6 + 0.8 * chance(`${name}${part.toString()}`))));
  return {
    periodStartedAt: BigInt(start),
    periodEndedAt: BigInt(end),
    queue,
    openedCount: share(reports, 0.6),
    reportCount: BigInt(reports),
    unopenableReportCount: share(reports, 0.02),
    provenCount: share(reports, 2.4),
    forgedCount: share(reports, 0.15),
    unverifiableCount: share(reports, 0.5),
    appealCount: share(reports, 0.06),
  };
}

function timeOf(name: string, count: number, targetMs: number, perMille: number) {
  const inTime = Math.round(count * (0.8 + 0.2 * chance(name)));
  return {
    count: BigInt(count),
    inTime: BigInt(inTime),
    medianMs: BigInt(Math.round(targetMs * 0.3)),
    ninthDecileMs:
      chance(`${name}9`) > 0.9 ? 2n ** 64n - 1n : BigInt(Math.round(targetMs * 0.9)),
    targetMs: BigInt(targetMs),
    targetPerMille: perMille,
    reached: inTime * 1000 >= count * perMille,
  };
}

function reachedOf(
  start: number,
  end: number,
  days: number,
  reason: (typeof REASONS)[number],
) {
  const name = `${reason.key}${start.toString()}`;
  const count = Math.round(days * (2 + 6 * chance(name)));
  const part = (share: number) =>
    BigInt(Math.round(count * share * chance(`${name}${share.toString()}`)));
  return {
    periodStartedAt: BigInt(start),
    periodEndedAt: BigInt(end),
    queue: reason.queue,
    reason: reason.key,
    firstAction: timeOf(`${name}f`, count, Number(reason.timeToDecide) / 4, 950),
    decision: timeOf(`${name}d`, count, Number(reason.timeToDecide), 900),
    accuracy: {
      decisionCount: BigInt(count),
      reversedCount: part(0.05),
      overturnedCount: part(0.08),
      upheldCount: part(0.2),
      targetPerMille: 970,
      reached: true,
    },
  };
}

export function figureRoutes(router: ConnectRouter): void {
  router.service(TargetService, {
    getInflow: ({ from, until, period, queue }) => ({
      inflow: periods(Number(from), Number(until), period).flatMap(
        ({ start, end, days }) =>
          QUEUES.filter(({ name }) => queue.length === 0 || queue.includes(name)).map(
            ({ name }) => inflowOf(start, end, days, name),
          ),
      ),
    }),
    // Two pages, as a service may answer at any time.
    getReached: ({ from, until, period, queue, pageToken }) => {
      const all = periods(Number(from), Number(until), period).flatMap(
        ({ start, end, days }) =>
          REASONS.filter(
            (reason) => queue.length === 0 || queue.includes(reason.queue),
          ).map((reason) => reachedOf(start, end, days, reason)),
      );
      const half = Math.ceil(all.length / 2);
      return pageToken.length === 0
        ? { reached: all.slice(0, half), nextPageToken: Uint8Array.of(1) }
        : { reached: all.slice(half) };
    },
  });
}

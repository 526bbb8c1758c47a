import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { InflowSchema, ReachedPeriod, ReachedSchema } from "#gen/frank/v1/target_pb";
import { toCsv } from "../../../src/screens/dashboards/csv";
import {
  inflowRows,
  kindRows,
  percentInTime,
  reachedRows,
  targetPercent,
} from "../../../src/screens/dashboards/figures";
import { spreadLabels } from "../../../src/screens/dashboards/line-chart";
import { summaryOf } from "../../../src/screens/dashboards/over-time";
import { allPages } from "../../../src/screens/dashboards/queries";
import { periodsOf, spanOf } from "../../../src/screens/dashboards/spans";

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 27, 22);
const WEEK = spanOf("7", NOW);

test("a span ends with today, in days of UTC", () => {
  expect(new Date(WEEK.from).toISOString()).toBe("2026-11-21T00:00:00.000Z");
  expect(new Date(WEEK.until).toISOString()).toBe("2026-11-28T00:00:00.000Z");
  expect(periodsOf(WEEK)).toHaveLength(7);
});

test("a year is twelve months, the last one cut", () => {
  const year = spanOf("year", NOW);
  const starts = periodsOf(year).map((start) => new Date(start).toISOString());
  expect(year.period).toBe(ReachedPeriod.MONTH);
  expect(starts).toHaveLength(12);
  expect(starts[0]).toBe("2025-12-01T00:00:00.000Z");
  expect(starts[11]).toBe("2026-11-01T00:00:00.000Z");
});

test("queues add up, and days on which nothing came are there", () => {
  const day = (queue: string, openedCount: bigint) =>
    create(InflowSchema, {
      periodStartedAt: BigInt(WEEK.from + DAY),
      queue,
      openedCount,
    });
  const rows = inflowRows([day("harm", 3n), day("general", 4n)], WEEK);
  expect(rows.map(({ opened }) => opened)).toEqual([0, 7, 0, 0, 0, 0, 0]);
});

const reached = (reason: string, count: bigint, inTime: bigint, medianMs: bigint) =>
  create(ReachedSchema, {
    periodStartedAt: BigInt(WEEK.from),
    queue: "harm",
    reason,
    firstAction: { count, inTime, medianMs, targetPerMille: count === 1n ? 500 : 1000 },
  });

test("shares are of all cases, not means of shares", () => {
  const rows = reachedRows([reached("a", 9n, 9n, 1n), reached("b", 1n, 0n, 1n)], WEEK);
  const first = rows[0]?.firstAction;
  expect(first && percentInTime(first)).toBe(90);
  expect(first && targetPercent(first)).toBe(95);
  const second = rows[1]?.firstAction;
  expect(second && percentInTime(second)).toBeUndefined();
});

test("of several periods the longest time stands, and no end is Infinity", () => {
  const times = kindRows([reached("a", 2n, 2n, 60_000n), reached("a", 2n, 2n, 90_000n)]);
  expect(times).toHaveLength(1);
  expect(times[0]?.firstAction).toMatchObject({ count: 4, medianMs: 90_000 });
  const endless = kindRows([reached("a", 2n, 0n, 2n ** 64n - 1n)]);
  expect(endless[0]?.firstAction.medianMs).toBe(Infinity);
});

test("a CSV quotes what must be and hands no formula to a spreadsheet", () => {
  interface Row {
    name: string;
    count: number | undefined;
  }
  const rows: Row[] = [
    { name: 'a "b", c', count: 2.5 },
    { name: "=HYPERLINK(1)", count: undefined },
    { name: "line\nbreak", count: Infinity },
  ];
  const csv = toCsv<Row>(
    [
      { name: "name", value: ({ name }) => name },
      { name: "cases_count", value: ({ count }) => count },
    ],
    rows,
  );
  expect(csv).toBe(
    'name,cases_count\r\n"a ""b"", c",2.5\r\n\'=HYPERLINK(1),\r\n"line\nbreak",\r\n',
  );
});

test("labels at the ends of lines do not cover each other", () => {
  expect(spreadLabels([50, 10, 52, 12], 14)).toEqual([50, 10, 64, 24]);
});

test("a chart says in words what it shows", () => {
  const lines = [
    { label: "opened", values: [4, 1, undefined, 2] },
    { label: "proven", values: [undefined] },
  ];
  expect(summaryOf(lines, String)).toBe("opened: 1 to 4, 2 at the end. proven: nothing");
});

test("pages are asked for until there are no more", async () => {
  const pages = ["a", "b", ""];
  const asked: string[] = [];
  const all = await allPages("", (token: string) => {
    asked.push(token);
    return Promise.resolve({
      items: [asked.length],
      next: pages[asked.length - 1] ?? "",
    });
  });
  expect(all).toEqual([1, 2, 3]);
  expect(asked).toEqual(["", "a", "b"]);
});

// The time that the dashboards look at, in days of UTC as the service keeps them.
import { ReachedPeriod } from "#gen/frank/v1/target_pb";

const DAY = 86_400_000;

export interface Span {
  /** Milliseconds since the Unix epoch; until is not part of it. */
  from: number;
  until: number;
  period: ReachedPeriod.DAY | ReachedPeriod.MONTH;
}

/** By what stands in the address. */
export const SPANS = {
  "7": "7 days",
  "30": "30 days",
  "90": "90 days",
  year: "12 months",
} as const;
export type SpanName = keyof typeof SPANS;

export function spanNameOf(query: URLSearchParams): SpanName {
  const name = query.get("span") ?? "";
  return name in SPANS ? (name as SpanName) : "30";
}

/** The span that ends with the day of `now`. */
export function spanOf(name: SpanName, now: number): Span {
  const today = Math.floor(now / DAY) * DAY;
  const until = today + DAY;
  if (name !== "year") {
    return { from: until - Number(name) * DAY, until, period: ReachedPeriod.DAY };
  }
  const date = new Date(now);
  const from = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 11, 1);
  return { from, until, period: ReachedPeriod.MONTH };
}

/** The beginnings of all periods of a span. */
export function periodsOf({ from, until, period }: Span): number[] {
  const starts: number[] = [];
  for (let start = from; start < until;) {
    starts.push(start);
    if (period === ReachedPeriod.DAY) start += DAY;
    else {
      const date = new Date(start);
      start = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
    }
  }
  return starts;
}

const DAY_NAME = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});
const MONTH_NAME = new Intl.DateTimeFormat("en-GB", {
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

/** "3 Nov", "Nov 2026". */
export function periodName(start: number, period: ReachedPeriod): string {
  return (period === ReachedPeriod.MONTH ? MONTH_NAME : DAY_NAME).format(start);
}

// The time of the servers and commands, which runs ahead of the machine's by what
// stands in a file (tests/review/ahead).
import { renameSync, writeFileSync } from "node:fs";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const FILE = process.env.FRANK_CLOCK_AHEAD;
if (FILE === undefined) throw new Error("FRANK_CLOCK_AHEAD is not set");
const file = FILE;

/** The midnight after the keys were made; the month begins there. */
const BEGIN = (Math.floor(Date.now() / DAY) + 1) * DAY;

/** Days of the past. */
export const PAST_DAYS = 30;

/** When a minute of a day of that month is; days of the past are 0 to 29. */
export function at(day: number, minute: number): number {
  return BEGIN + day * DAY + minute * MINUTE;
}

let ahead = 0;

/** Sets the clock, unless it is later there; from then on time goes on. */
export function goTo(time: number): void {
  ahead = Math.max(ahead, time - Date.now());
  // Whoever reads it meanwhile finds the old one, whole.
  writeFileSync(`${file}.new`, ahead.toString());
  renameSync(`${file}.new`, file);
}

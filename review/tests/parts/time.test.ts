import { expect, test } from "vitest";
import { countdown, duration, keptFor } from "../../src/parts/time";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test.each([
  [0, "0 s"],
  [12_900, "12 s"],
  [4 * MINUTE + 5_000, "4 min 5 s"],
  [45 * MINUTE + 5_000, "45 min"],
  [3 * HOUR + 7 * MINUTE, "3 h 7 min"],
  [51 * HOUR, "2 d 3 h"],
  [-2 * HOUR, "2 h"],
])("%d ms last %s", (length, words) => {
  expect(duration(length)).toBe(words);
});

test("a countdown never shows less than nothing", () => {
  expect(countdown(-1)).toBe("0:00");
  expect(countdown(4 * MINUTE + 7_000)).toBe("4:07");
  expect(countdown(HOUR + 4 * MINUTE + 7_000)).toBe("1:04:07");
});

test("what is kept for years says years", () => {
  const days = [90, 364, 365, 366, 367, 1095, 1098, 1099];
  expect(days.map((n) => keptFor(n * 86_400_000))).toEqual([
    "90 d",
    "364 d",
    "1 year",
    "1 year",
    "367 d",
    "3 years",
    "3 years",
    "1099 d",
  ]);
});

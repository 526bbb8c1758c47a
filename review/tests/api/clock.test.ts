import { afterEach, expect, test, vi } from "vitest";
import { ServiceClock } from "../../src/api/clock";

const HOUR = 3_600_000;
const SERVICE = Date.UTC(2026, 10, 28, 9, 0, 0);

afterEach(() => {
  vi.restoreAllMocks();
});

/** A page whose steady clock stands at `passed`. */
function pageAt(passed: number): void {
  vi.spyOn(performance, "now").mockReturnValue(passed);
}

function headerOf(time: number): string {
  return new Date(time).toUTCString();
}

test("until an answer says otherwise the browser is believed", () => {
  pageAt(5000);
  const clock = new ServiceClock();
  expect(clock.now()).toBe(Math.round(performance.timeOrigin + 5000));
  clock.learn(null, 0, 1);
  clock.learn("yesterday", 0, 1);
  expect(clock.now()).toBe(Math.round(performance.timeOrigin + 5000));
});

test("a browser that is right is not moved by what headers leave out", () => {
  const clock = new ServiceClock();
  pageAt(5000);
  const before = clock.now();
  clock.learn(headerOf(before), 4900, 5100);
  expect(clock.now()).toBe(before);
});

test.each([HOUR, -HOUR])("a browser that is %d ms off is put right", (off) => {
  const clock = new ServiceClock();
  const service = performance.timeOrigin + 5000 - off;
  clock.learn(headerOf(service), 4900, 5100);
  pageAt(5000);
  expect(Math.abs(clock.now() - service)).toBeLessThanOrEqual(600);
});

test("each answer narrows what is known", () => {
  const clock = new ServiceClock();
  // The page began at SERVICE; each answer leaves out up to a second.
  for (let passed = 1000; passed < 20_000; passed += 1130) {
    clock.learn(headerOf(SERVICE + passed), passed - 20, passed + 20);
  }
  pageAt(20_000);
  expect(Math.abs(clock.now() - SERVICE - 20_000)).toBeLessThan(100);
});

test("what contradicts is new: a server was set, or the machine slept", () => {
  const clock = new ServiceClock();
  clock.learn(headerOf(SERVICE), 900, 1000);
  clock.learn(headerOf(SERVICE + HOUR), 1900, 2000);
  pageAt(2000);
  expect(Math.abs(clock.now() - SERVICE - HOUR)).toBeLessThanOrEqual(600);
});

test("a wall clock that is set moves nothing", () => {
  const clock = new ServiceClock();
  pageAt(5000);
  const before = clock.now();
  vi.spyOn(Date, "now").mockReturnValue(before + HOUR);
  expect(clock.now()).toBe(before);
});

import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, expect, test, vi } from "vitest";
import type { Clients } from "../../src/api/clients";
import { watchCases, watching } from "../../src/api/watch";

afterEach(() => {
  vi.useRealTimers();
});

/** How often the stream was opened within a minute when each fails with `error`. */
async function timesOpened(error: unknown): Promise<number> {
  vi.useFakeTimers();
  let opened = 0;
  const queues = {
    watchCases: async function* () {
      opened += 1;
      await Promise.resolve();
      throw error;
    },
  } as unknown as Clients["queues"];
  const stop = watchCases(queues);
  await vi.advanceTimersByTimeAsync(60_000);
  stop();
  return opened;
}

test("the stream is opened anew whatever broke it", async () => {
  expect(await timesOpened(new ConnectError("", Code.Unknown))).toBeGreaterThan(5);
  expect(await timesOpened(new ConnectError("", Code.Internal))).toBeGreaterThan(5);
  expect(watching.get()).toBe(false);
});

test("who is not let in does not ask again", async () => {
  expect(await timesOpened(new ConnectError("", Code.Unauthenticated))).toBe(1);
  expect(await timesOpened(new ConnectError("", Code.PermissionDenied))).toBe(1);
});

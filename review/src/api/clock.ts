// What time it is at the service, which grants leases and keeps deadlines. The
// browser's own clock may be wrong, or be set while somebody works: how much time
// went by is all that the browser is asked here.
import type { Interceptor } from "@connectrpc/connect";

/** What a header leaves out, which tells whole seconds. */
const UNTOLD_MS = 999;

export class ServiceClock {
  // Between these was the service's time when this page's steady clock stood at 0.
  // The browser is believed until an answer contradicts it.
  #least = performance.timeOrigin;
  #most = performance.timeOrigin;

  /** Milliseconds since the Unix epoch, to half a second and half a call's length. */
  now(): number {
    return Math.round((this.#least + this.#most) / 2 + performance.now());
  }

  /** Takes what an answer says; when it was asked for and came is of performance.now(). */
  learn(date: string | null, askedAt: number, cameAt: number): void {
    const told = Date.parse(date ?? "");
    if (Number.isNaN(told)) return;
    const least = told - cameAt;
    const most = told + UNTOLD_MS - askedAt;
    const agrees = least <= this.#most && this.#least <= most;
    this.#least = agrees ? Math.max(least, this.#least) : least;
    this.#most = agrees ? Math.min(most, this.#most) : most;
  }
}

const clock = new ServiceClock();

/** The service's time, in milliseconds since the Unix epoch. */
export function now(): number {
  return clock.now();
}

/** Learns the time from each answer. */
export const tellTime: Interceptor = (next) => async (request) => {
  const askedAt = performance.now();
  const answer = await next(request);
  clock.learn(answer.header.get("date"), askedAt, performance.now());
  return answer;
};

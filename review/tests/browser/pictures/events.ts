// What happens and when, in the order of time whoever planned it first.
import { goTo } from "./clock.ts";

type Happens = () => Promise<void> | void;

const events: { time: number; happens: Happens }[] = [];

/** Plans something; while it happens the clock says that time, and goes on. */
export function plan(time: number, happens: Happens): void {
  events.push({ time, happens });
}

/** Lets everything happen that is planned before a time, also what that plans. */
export async function live(until: number): Promise<void> {
  for (;;) {
    events.sort((a, b) => a.time - b.time);
    const next = events.shift();
    if (next === undefined || next.time >= until) break;
    goTo(next.time);
    await next.happens();
  }
  goTo(until);
}

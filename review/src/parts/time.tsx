import { useEffect, useState, useSyncExternalStore } from "react";
import { now } from "../api/clock";

/** Milliseconds since the Unix epoch, from the wire. */
export function ms(time: bigint): number {
  return Number(time);
}

const STEPS = [
  [86_400_000, "d", 3_600_000, "h"],
  [3_600_000, "h", 60_000, "min"],
  [60_000, "min", 1000, "s"],
] as const;

/** "2 d 3 h", "4 h 05 min", "45 min", "12 s": at most two units. */
export function duration(length: number): string {
  const total = Math.floor(Math.abs(length) / 1000) * 1000;
  for (const [large, name, small, smallName] of STEPS) {
    if (total < large) continue;
    const rest = Math.floor((total % large) / small);
    const short = total >= 10 * large && name !== "h";
    const head = `${Math.floor(total / large).toString()} ${name}`;
    return rest === 0 || short ? head : `${head} ${rest.toString()} ${smallName}`;
  }
  return `${Math.floor(total / 1000).toString()} s`;
}

/** One unit where that says enough: "35 h" is "1 d 11 h", "23 h 40 min" is "23 h". */
export function roughly(length: number): string {
  const [head = "", name = "", ...rest] = duration(length).split(" ");
  return head === "1" ? [head, name, ...rest].join(" ") : `${head} ${name}`;
}

const DAY_MS = 86_400_000;

/** How long something is kept: "3 years" for 1,095 to 1,098 days, else as `roughly`. */
export function keptFor(length: number): string {
  const days = length / DAY_MS;
  const years = Math.floor(days / 365);
  if (years === 0 || days > 366 * years) return roughly(length);
  return years === 1 ? "1 year" : `${years.toString()} years`;
}

/** A length that counts down, in minutes and seconds: "4:07", "1:04:07". */
export function countdown(length: number): string {
  const seconds = Math.max(0, Math.ceil(length / 1000));
  const two = (n: number) => n.toString().padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const tail = `${two(minutes)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours.toString()}:${tail}` : tail.replace(/^0/, "");
}

const DAY_AND_TIME = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});
const EXACT = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "full",
  timeStyle: "long",
});

export function moment(time: number): string {
  return DAY_AND_TIME.format(time).replace(",", "");
}

/** A moment; its exact time and zone on hover. */
export function Moment({ at }: { at: bigint | number }) {
  const time = Number(at);
  if (time === 0) return <span>never</span>;
  return (
    <time dateTime={new Date(time).toISOString()} title={EXACT.format(time)}>
      {moment(time)}
    </time>
  );
}

/**
 * The service's time, anew each `everyMs`: for what shows it, and little else, since
 * all that asks for it is rendered as often.
 */
export function useNow(everyMs = 1000): number {
  const [time, setTime] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => {
      setTime(now());
    }, everyMs);
    return () => {
      clearInterval(timer);
    };
  }, [everyMs]);
  return time;
}

function eachSecond(look: () => void): () => void {
  const timer = setInterval(look, 1000);
  return () => {
    clearInterval(timer);
  };
}

/** Whether a time has come; rendered anew when it does, and not before. */
export function useIsPast(time: number): boolean {
  return useSyncExternalStore(eachSecond, () => now() >= time);
}

/** How long ago something was. */
export function Ago({ at }: { at: bigint | number }) {
  const time = Number(at);
  const age = useNow(15_000) - time;
  return (
    <time dateTime={new Date(time).toISOString()} title={EXACT.format(time)}>
      {roughly(Math.max(0, age))}
    </time>
  );
}

// Which entries are shown. A filter is an address.
import type { Entry } from "../../audit/entry";

export interface LogFilter {
  /** Parts of the texts; empty: any. */
  subject: string;
  actor: string;
  /** An act, or its beginning: "case." */
  act: string;
  /** Milliseconds since the Unix epoch; 0: any. */
  from: number;
  until: number;
}

const DAY = 86_400_000;

/** A day as a date field gives it, in the time of whoever looks; 0: none. */
function dayOf(text: string | null): number {
  const time = text ? new Date(`${text}T00:00:00`).getTime() : 0;
  return Number.isNaN(time) ? 0 : time;
}

export function logFilterOf(query: URLSearchParams): LogFilter {
  const until = dayOf(query.get("until"));
  return {
    subject: query.get("subject")?.trim() ?? "",
    actor: query.get("actor")?.trim() ?? "",
    act: query.get("act") ?? "",
    from: dayOf(query.get("from")),
    // The day itself is part of it.
    until: until === 0 ? 0 : until + DAY,
  };
}

export function isFiltered(filter: LogFilter): boolean {
  return Object.values(filter).some(Boolean);
}

export function passes(filter: LogFilter, entry: Entry): boolean {
  return (
    entry.subject.includes(filter.subject) &&
    entry.actor.includes(filter.actor) &&
    entry.act.startsWith(filter.act) &&
    (filter.from === 0 || entry.time >= filter.from) &&
    (filter.until === 0 || entry.time < filter.until)
  );
}

// Entries of the audit log (protocol section 8).
import { Reader } from "./bytes";

export interface Entry {
  /** Milliseconds since the Unix epoch. */
  time: number;
  actor: string;
  act: string;
  subject: string;
  /** As written: canonical JSON of an object. */
  details: string;
  /** Its number among the acts of its subject, from 1 on; undefined: not told. */
  actNumber: number | undefined;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** RFC 8785; a lone surrogate is no character. */
function canonicalString(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw new RangeError("a string is not well-formed");
  return JSON.stringify(text);
}

function canonical(value: Json): string {
  if (typeof value === "string") return canonicalString(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, member]) => `${canonicalString(key)}:${canonical(member)}`);
  return `{${members.join(",")}}`;
}

function parseDetails(text: string): { [key: string]: Json } {
  const value = JSON.parse(text) as Json;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new RangeError("details are no object");
  }
  if (canonical(value) !== text) throw new RangeError("details are not canonical");
  return value;
}

/** Reads an entry; undefined if it is none. */
export function parseEntry(bytes: Uint8Array): Entry | undefined {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    const reader = new Reader(bytes);
    if (reader.u8() !== 1) return undefined;
    const time = Number(reader.u64());
    const [actor = "", act = "", subject = "", details = ""] = [0, 1, 2, 3].map(() =>
      text.decode(reader.vec()),
    );
    reader.end();
    const number = parseDetails(details).act_number;
    if (!actor || !act || !subject) return undefined;
    const actNumber = typeof number === "number" ? number : undefined;
    return { time, actor, act, subject, details, actNumber };
  } catch {
    return undefined;
  }
}

/** An act as a list names it. */
export interface ListedAct {
  number: bigint;
  time: bigint;
  actor: string;
  act: string;
  subject: string;
  details: string;
}

/** Whether an entry says what was listed as it, field for field. */
export function says(entry: Entry | undefined, listed: ListedAct): boolean {
  return (
    entry?.actNumber === Number(listed.number) &&
    entry.time === Number(listed.time) &&
    entry.actor === listed.actor &&
    entry.act === listed.act &&
    entry.subject === listed.subject &&
    entry.details === listed.details
  );
}

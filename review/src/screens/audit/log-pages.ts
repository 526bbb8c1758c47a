// Entries of the log, newest first, in windows of the service's stream.
import type { Clients } from "../../api/clients";
import { parseEntry, type Entry } from "../../audit/entry";
import { passes, type LogFilter } from "./filter";

export interface LogRow {
  leafIndex: bigint;
  bytes: Uint8Array;
  /** Undefined: the leaf is no entry. */
  entry: Entry | undefined;
}

/** Entries of one window. */
export const WINDOW = 500n;

/** The entries [first, end) in the order of the tree. */
export async function readWindow(
  audit: Clients["audit"],
  first: bigint,
  end: bigint,
  signal: AbortSignal,
): Promise<LogRow[]> {
  const rows: LogRow[] = [];
  const request = { firstIndex: first, endIndex: end };
  for await (const answer of audit.exportEntries(request, { signal })) {
    for (const { leafIndex, entry } of answer.entry) {
      rows.push({ leafIndex, bytes: entry, entry: parseEntry(entry) });
    }
  }
  return rows;
}

/** The window before `end`: newest first, and where the one before it ends. */
export async function readBefore(
  audit: Clients["audit"],
  end: bigint,
  signal: AbortSignal,
): Promise<{ rows: LogRow[]; first: bigint }> {
  const first = end > WINDOW ? end - WINDOW : 0n;
  if (first === end) return { rows: [], first };
  return { rows: (await readWindow(audit, first, end, signal)).reverse(), first };
}

/** A page of the list: what passed, and where to go on; 0: at the first entry. */
export interface LogPage {
  rows: LogRow[];
  first: bigint;
}

const ENOUGH = 50;
const MOST_WINDOWS = 20;

/**
 * Reads windows backwards from `end` until some entries pass or many were looked
 * at, so that a rare one does not read the whole log unasked.
 */
export async function readPage(
  audit: Clients["audit"],
  filter: LogFilter,
  end: bigint,
  signal: AbortSignal,
): Promise<LogPage> {
  const found: LogRow[] = [];
  let first = end;
  for (let n = 0; n < MOST_WINDOWS && first > 0n && found.length < ENOUGH; n++) {
    const page = await readBefore(audit, first, signal);
    found.push(...page.rows.filter(({ entry }) => !entry || passes(filter, entry)));
    first = page.first;
  }
  return { rows: found, first };
}

/** All entries, for hashing them. */
export async function* allEntries(
  audit: Clients["audit"],
  end: bigint,
  signal: AbortSignal,
) {
  if (end === 0n) return;
  const request = { firstIndex: 0n, endIndex: end };
  for await (const answer of audit.exportEntries(request, { signal })) {
    signal.throwIfAborted();
    yield answer.entry;
  }
}

// The filter of the list, as it stands in the address: a view is a query.
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  CaseFilterSchema,
  CaseOrder,
  CaseState,
  ProofStatus,
  Severity,
  type CaseFilter,
} from "#gen/frank/v1/review_pb";

export const DUE_CHOICES: Record<string, { label: string; withinMs: number }> = {
  over: { label: "overdue", withinMs: 0 },
  "1h": { label: "within 1 h", withinMs: 3_600_000 },
  "4h": { label: "within 4 h", withinMs: 4 * 3_600_000 },
  "24h": { label: "within 24 h", withinMs: 24 * 3_600_000 },
};

export const ORDER_CHOICES: Record<string, { label: string; order: CaseOrder }> = {
  priority: { label: "next first", order: CaseOrder.PRIORITY },
  deadline: { label: "first due", order: CaseOrder.DEADLINE },
  age: { label: "oldest", order: CaseOrder.AGE },
};

function numbers<T extends number>(
  query: URLSearchParams,
  name: string,
  of: object,
): T[] {
  const known = new Set(Object.values(of));
  return query
    .getAll(name)
    .map(Number)
    .filter((value): value is T => known.has(value) && value !== 0);
}

/** Deadlines in steps of a minute, so that the same view asks the same twice. */
function dueUntil(query: URLSearchParams, now: number): bigint {
  const choice = DUE_CHOICES[query.get("due") ?? ""];
  if (!choice) return 0n;
  return BigInt(Math.floor((now + choice.withinMs) / 60_000) * 60_000);
}

export function filterOf(query: URLSearchParams, now: number): CaseFilter {
  const filter: MessageInitShape<typeof CaseFilterSchema> = {
    state: numbers<CaseState>(query, "state", CaseState),
    queue: query.getAll("queue"),
    reason: query.getAll("reason"),
    policyArea: query.getAll("area"),
    severity: numbers<Severity>(query, "severity", Severity),
    proof: numbers<ProofStatus>(query, "proof", ProofStatus),
    dueUntil: dueUntil(query, now),
    accusedUri: query.get("accused") ?? "",
    reporterUri: query.get("reporter") ?? "",
    moderator: query.get("moderator") ?? "",
    tag: query.get("tag") ?? "",
  };
  return create(CaseFilterSchema, filter);
}

export function orderOf(query: URLSearchParams): CaseOrder {
  return ORDER_CHOICES[query.get("order") ?? ""]?.order ?? CaseOrder.PRIORITY;
}

/** What a search line means: a case, an account, a tag, or words of notes. */
export type Search =
  | { kind: "case"; id: string }
  | {
      kind: "filter";
      name: "accused" | "reporter" | "moderator" | "tag" | "words";
      value: string;
    };

const PREFIXES = {
  "#": "tag",
  "accused:": "accused",
  "reporter:": "reporter",
  "by:": "moderator",
  "@": "moderator",
} as const;

export function parseSearch(text: string): Search | undefined {
  const line = text.trim();
  if (line === "") return undefined;
  if (/^[0-9a-f]{32}$/i.test(line)) return { kind: "case", id: line.toLowerCase() };
  for (const [prefix, name] of Object.entries(PREFIXES)) {
    if (line.startsWith(prefix) && line.length > prefix.length) {
      return { kind: "filter", name, value: line.slice(prefix.length).trim() };
    }
  }
  const isUri = /^[a-z][a-z0-9+.-]*:\/\//.test(line);
  return { kind: "filter", name: isUri ? "accused" : "words", value: line };
}

// What a list keeps of its cases. Of 100,000 it keeps all, so it keeps only what is
// shown, and each word that many share once.
import type { CaseChange } from "#gen/frank/v1/queue_pb";
import type {
  CaseFilter,
  CaseState,
  CaseSummary,
  ProofStatus,
  Severity,
} from "#gen/frank/v1/review_pb";
import { toHex } from "../../api/ids";

export interface CaseRow {
  id: string;
  accusedUri: string;
  severity: Severity;
  reason: readonly string[];
  proof: ProofStatus;
  provenCount: number;
  provenReporterCount: number;
  deadline: bigint;
  openedAt: bigint;
  state: CaseState;
  queue: string;
  /** Who holds it; empty: nobody. */
  holder: string;
  revision: bigint;
}

export interface CasePage {
  /** A change takes the place of what it changed; none moves. */
  rows: CaseRow[];
  /** Where in `rows` a case is. */
  placeOf: ReadonlyMap<string, number>;
  nextPageToken: string;
}

/** One copy of a text, for the few that many rows have. */
class Words {
  readonly #known = new Map<string, string>();

  same(word: string): string {
    const known = this.#known.get(word);
    if (known === undefined) this.#known.set(word, word);
    return known ?? word;
  }
}

function rowOf(summary: CaseSummary, words: Words): CaseRow {
  const { accusedUri, severity, proof, provenCount, provenReporterCount } = summary;
  const { deadline, openedAt, state, revision } = summary;
  return {
    id: toHex(summary.caseId),
    accusedUri,
    severity,
    reason: summary.reason.map((key) => words.same(key)),
    proof,
    provenCount,
    provenReporterCount,
    deadline,
    openedAt,
    state,
    queue: words.same(summary.queue),
    holder: words.same(summary.lease?.holder ?? ""),
    revision,
  };
}

const words = new Words();

export function pageOf(answer: {
  caseSummary: CaseSummary[];
  nextPageToken: string;
}): CasePage {
  const rows = answer.caseSummary.map((summary) => rowOf(summary, words));
  const placeOf = new Map(rows.map(({ id }, place) => [id, place]));
  return { rows, placeOf, nextPageToken: answer.nextPageToken };
}

function changed(row: CaseRow, change: CaseChange): CaseRow {
  const { state, queue, revision, holder } = change;
  return { ...row, state, queue, revision, holder };
}

/**
 * Puts changes where the cases stand, in the pages themselves: one that is on its
 * way meanwhile is added to these. Returns the ids that no page has.
 */
export function applyChanges(
  pages: readonly CasePage[],
  changes: readonly CaseChange[],
): string[] {
  return changes.flatMap((change) => {
    const id = toHex(change.caseId);
    const page = pages.find(({ placeOf }) => placeOf.has(id));
    const place = page?.placeOf.get(id) ?? -1;
    const row = page?.rows[place];
    if (!page || !row) return [id];
    if (change.revision >= row.revision) page.rows[place] = changed(row, change);
    return [];
  });
}

/** Whether a case that was listed may not belong here any more. */
export function hasLeft(row: CaseRow, filter: CaseFilter): boolean {
  return (
    (filter.state.length > 0 && !filter.state.includes(row.state)) ||
    (filter.queue.length > 0 && !filter.queue.includes(row.queue))
  );
}

// Content that comes with a claim. It is taken apart from the record, which stays
// for a while, and waits for the screen of the case alone.
import type { QueryClient } from "@tanstack/react-query";
import {
  ExposureCategory,
  type CaseNote,
  type CaseReport,
  type DisclosedPart,
  type Evidence,
  type GetCaseResponse,
} from "#gen/frank/v1/review_pb";
import { DecisionEventKind, type Decision } from "#gen/frank/v1/decision_pb";
import { toHex } from "../../api/ids";
import { preferences } from "../../app/preferences";

export interface Revealed {
  pieces: ReadonlyMap<string, Evidence>;
  /** Words of reporters, moderators and of who appealed; undefined: not asked. */
  words: { reports: CaseReport[]; notes: CaseNote[]; decisions: Decision[] } | undefined;
}

/** What a claim asks for, so that the case can be read once it comes. */
export function shownWithClaim() {
  const revealTexts = preferences.get().textAtOnce;
  return { show: true, revealNotes: true, revealTexts };
}

const NONE = new Uint8Array();

function withoutBody(part: DisclosedPart): DisclosedPart {
  return { ...part, body: NONE, sha256: NONE };
}

function withoutBodies(piece: Evidence): Evidence {
  return {
    ...piece,
    part: piece.part.map(withoutBody),
    file: piece.file.map((file) => ({
      ...file,
      name: "",
      chunk: file.chunk.map(withoutBody),
    })),
  };
}

function withoutAppeal(decision: Decision): Decision {
  return {
    ...decision,
    event: decision.event.map((event) =>
      event.kind === DecisionEventKind.APPEALED ? { ...event, reason: "" } : event,
    ),
  };
}

/** The record as GetCase shows it without content. */
function withoutContent(shown: GetCaseResponse): GetCaseResponse {
  return {
    ...shown,
    evidence: shown.evidence.map(withoutBodies),
    context: shown.context.map(withoutBodies),
    report: shown.report.map((report) => ({ ...report, note: "" })),
    note: shown.note.map((note) => ({ ...note, text: "" })),
    decision: shown.decision.map(withoutAppeal),
  };
}

function isRevealed({ part, file }: Evidence): boolean {
  return part.length + file.length === 0 || part.some(({ sha256 }) => sha256.length > 0);
}

function contentOf(shown: GetCaseResponse): Revealed {
  const { report: reports, note: notes, decision: decisions } = shown;
  const pieces = [...shown.evidence, ...shown.context]
    .filter(isRevealed)
    .map((piece): [string, Evidence] => [toHex(piece.frankingTag), piece]);
  return { pieces: new Map(pieces), words: { reports, notes, decisions } };
}

function arrivedKey(id: string): [string, string] {
  return ["arrived", id];
}

const WAITS_MS = 10_000;

/** Puts the content of a case aside, if there is any, and returns the record. */
export function setAside(
  queries: QueryClient,
  id: string,
  shown: GetCaseResponse,
): GetCaseResponse {
  // What was shown to somebody is there once content was, and not before.
  if (!shown.exposure) return shown;
  queries.setQueryDefaults(["arrived"], { gcTime: WAITS_MS });
  queries.setQueryData<Revealed>(arrivedKey(id), contentOf(shown));
  return withoutContent(shown);
}

/** Takes what was put aside, once. */
export function takeArrived(queries: QueryClient, id: string): Revealed | undefined {
  const queryKey = arrivedKey(id);
  const arrived = queries.getQueryData<Revealed>(queryKey);
  queries.removeQueries({ queryKey, exact: true });
  return arrived;
}

export function isText(mediaType: string): boolean {
  return mediaType.toLowerCase().startsWith("text/");
}

/** Whether showing a piece shows letters alone. */
export function isTextAlone(piece: Evidence): boolean {
  return (
    piece.file.length === 0 && piece.part.every(({ mediaType }) => isText(mediaType))
  );
}

/** The pieces that may be shown without asking: text, where text is expected. */
export function shownAtOnce(shown: GetCaseResponse): Uint8Array[] {
  const exposure = shown.caseSummary?.exposure ?? ExposureCategory.UNSPECIFIED;
  const isMild = exposure === ExposureCategory.TEXT || exposure === ExposureCategory.NONE;
  if (!isMild || !preferences.get().textAtOnce) return [];
  return [...shown.evidence, ...shown.context]
    .filter(isTextAlone)
    .map((p) => p.frankingTag);
}

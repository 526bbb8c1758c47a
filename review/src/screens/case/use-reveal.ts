// Content, as far as it was asked for. It lives in the screen and nowhere else.
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import {
  ExposureCategory,
  type CaseNote,
  type CaseReport,
  type Evidence,
  type GetCaseResponse,
} from "#gen/frank/v1/review_pb";
import type { Decision } from "#gen/frank/v1/decision_pb";
import { useClients } from "../../api/clients";
import { toHex } from "../../api/ids";
import { useTellExposure } from "../../api/self";
import { preferences } from "../../app/preferences";

export interface Revealed {
  pieces: ReadonlyMap<string, Evidence>;
  /** Words of reporters, moderators and of who appealed; undefined: not asked. */
  words: { reports: CaseReport[]; notes: CaseNote[]; decisions: Decision[] } | undefined;
}

export function isText(mediaType: string): boolean {
  return mediaType.startsWith("text/");
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

/** The decisions as they stand now, with the words that were revealed of them. */
export function withWords(now: Decision[], revealed: Decision[] | undefined): Decision[] {
  const worded = new Map(
    revealed?.map((decision) => [toHex(decision.decisionId), decision]),
  );
  return now.map((decision) => {
    const known = worded.get(toHex(decision.decisionId));
    const event = decision.event.map((one, i) => known?.event[i] ?? one);
    return { ...decision, event };
  });
}

export function useReveal(shown: GetCaseResponse, allowed: boolean) {
  const { review } = useClients();
  const tellExposure = useTellExposure();
  const caseId = shown.caseSummary?.caseId ?? new Uint8Array();
  const [revealed, setRevealed] = useState<Revealed>({
    pieces: new Map(),
    words: undefined,
  });
  const reveal = useMutation({
    mutationFn: (tags: Uint8Array[]) => {
      const only =
        tags.length === 1 && revealed.words !== undefined ? tags[0] : undefined;
      return review.getCase({
        caseId,
        revealTag: tags,
        textOnly: true,
        ...(only ? { frankingTag: only } : { revealNotes: true }),
      });
    },
    onSuccess: (answer, tags) => {
      const asked = new Set(tags.map(toHex));
      const news = [...answer.evidence, ...answer.context]
        .filter(({ frankingTag }) => asked.has(toHex(frankingTag)))
        .map((piece): [string, Evidence] => [toHex(piece.frankingTag), piece]);
      setRevealed((before) => ({
        pieces: new Map([...before.pieces, ...news]),
        words:
          answer.caseSummary && answer.report.length > 0
            ? { reports: answer.report, notes: answer.note, decisions: answer.decision }
            : before.words,
      }));
      tellExposure(answer.exposure);
    },
  });
  const begun = useRef("");
  const { mutate } = reveal;
  const joined = `${allowed.toString()} ${(shown.caseSummary?.joinedRevision ?? 0n).toString()} ${shown.note.length.toString()} ${shown.decision.flatMap(({ event }) => event).length.toString()}`;
  useEffect(() => {
    if (!allowed || begun.current === joined) return;
    begun.current = joined;
    mutate(shownAtOnce(shown));
  }, [allowed, joined, mutate, shown]);
  return { revealed, reveal };
}

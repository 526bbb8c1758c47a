// Content, as far as it was asked for. It lives in the screen and nowhere else.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Evidence, GetCaseResponse } from "#gen/frank/v1/review_pb";
import type { Decision } from "#gen/frank/v1/decision_pb";
import { useClients } from "../../api/clients";
import { toHex } from "../../api/ids";
import { problemOf } from "../../api/problems";
import { useTellExposure } from "../../api/self";
import { shownAtOnce, takeArrived, type Revealed } from "./arrived";

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

const NO_ID = new Uint8Array();
const NOTHING: Revealed = { pieces: new Map(), words: undefined };

/** How many pieces one call may name. */
const MOST_TAGS = 256;

/** Whether fewer pieces might be shown still, before a break or this shift's end. */
function isSpent(error: unknown): boolean {
  return ["BREAK_DUE", "EXPOSURE_SPENT"].includes(problemOf(error).reason);
}

interface Wanted {
  /** What is there already, of an answer to something else. */
  arrived?: Revealed | undefined;
  tags: Uint8Array[];
  words: boolean;
}

/** Asks for content and hands each answer on; words apart, since they count nothing. */
function useAskContent(
  caseId: Uint8Array,
  isWanted: () => boolean,
  take: (news: Partial<Revealed>) => void,
) {
  const { review } = useClients();
  const tellExposure = useTellExposure();
  const askWords = async () => {
    const answer = await review.getCase({ caseId, revealNotes: true });
    tellExposure(answer.exposure);
    const { report: reports, note: notes, decision: decisions } = answer;
    take({ words: { reports, notes, decisions } });
  };
  /** They may stand on several pages of the case. What comes is taken off `left`. */
  const askPieces = async (revealTag: Uint8Array[], left: Set<string>) => {
    const [only] = revealTag.length === 1 ? revealTag : [];
    const isAsked = new Set(revealTag.map(toHex));
    for (let pageToken = ""; ;) {
      const answer = await review.getCase({
        caseId,
        revealTag: revealTag.filter((tag) => left.has(toHex(tag))),
        textOnly: true,
        pageToken,
        ...(only && { frankingTag: only }),
      });
      tellExposure(answer.exposure);
      const pieces = [...answer.evidence, ...answer.context]
        .map((piece): [string, Evidence] => [toHex(piece.frankingTag), piece])
        .filter(([tag]) => isAsked.has(tag) && left.has(tag));
      take({ pieces: new Map(pieces) });
      for (const [tag] of pieces) left.delete(tag);
      pageToken = answer.nextPageToken;
      if (![...isAsked].some((tag) => left.has(tag)) || pageToken === "") return;
    }
  };
  /**
   * What is too much at once is asked for in pieces that only get smaller, until one
   * alone is too much: so few are refused, and each is shown once.
   */
  const askAsMany = async (tags: Uint8Array[]) => {
    const left = new Set(tags.map(toHex));
    let most = MOST_TAGS;
    for (let rest = tags; rest.length > 0 && isWanted();) {
      const some = rest.slice(0, most);
      try {
        await askPieces(some, left);
        rest = rest.slice(most).filter((tag) => left.has(toHex(tag)));
      } catch (error) {
        if (some.length < 2 || !isSpent(error)) throw error;
        most = Math.ceil(some.length / 2);
        rest = rest.filter((tag) => left.has(toHex(tag)));
      }
    }
  };
  return useMutation({
    // One after the other: nothing is asked for twice at once.
    scope: { id: `reveal ${toHex(caseId)}` },
    mutationFn: async ({ arrived, tags, words }: Wanted) => {
      if (arrived) take(arrived);
      if (words) await askWords();
      await askAsMany(tags);
    },
    gcTime: 0,
  });
}

/**
 * What was revealed of the case, for as long as the caller may see it. Without
 * `atOnce` nothing is asked for by itself.
 */
export function useReveal(shown: GetCaseResponse, allowed: boolean, atOnce: boolean) {
  const [revealed, setRevealed] = useState(NOTHING);
  if (!allowed && revealed !== NOTHING) setRevealed(NOTHING);
  const caseId = shown.caseSummary?.caseId ?? NO_ID;
  const queries = useQueryClient();
  // Whether somebody still sees, and may see, what is asked for.
  const wanted = useRef(false);
  useEffect(() => {
    wanted.current = allowed;
    return () => {
      wanted.current = false;
    };
  }, [allowed]);
  const isWanted = () => wanted.current;
  const reveal = useAskContent(caseId, isWanted, ({ pieces = [], words }) => {
    setRevealed((before) => ({
      pieces: new Map([...before.pieces, ...pieces]),
      words: words ?? before.words,
    }));
  });
  const begun = useRef("");
  const { mutate } = reveal;
  const joined = [
    shown.caseSummary?.joinedRevision ?? 0n,
    shown.note.length,
    shown.note.at(-1)?.writtenAt ?? 0n,
    shown.decision.flatMap(({ event }) => event).length,
  ].join(" ");
  useEffect(() => {
    if (!allowed) begun.current = "";
    if (!allowed || !atOnce || begun.current === joined) return;
    begun.current = joined;
    const arrived = takeArrived(queries, toHex(caseId));
    const tags = shownAtOnce(shown).filter(
      (tag) => !revealed.pieces.has(toHex(tag)) && !arrived?.pieces.has(toHex(tag)),
    );
    mutate({ arrived, tags, words: arrived === undefined });
  }, [allowed, atOnce, joined, mutate, revealed, shown, queries, caseId]);
  const show = (tags: Uint8Array[]) => {
    mutate({ tags, words: revealed.words === undefined });
  };
  return { revealed, reveal, show };
}

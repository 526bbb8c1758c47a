// Content, as far as it was asked for. It lives in the screen and nowhere else.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { GetCaseResponse } from "#gen/frank/v1/review_pb";
import type { Decision } from "#gen/frank/v1/decision_pb";
import { toHex } from "../../api/ids";
import { shownAtOnce, takeArrived, type Revealed } from "./arrived";
import { useAskContent, useSight } from "./ask-content";

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

/**
 * What was revealed of the case, for as long as the caller may see it. Without
 * `atOnce` nothing is asked for by itself.
 */
export function useReveal(shown: GetCaseResponse, allowed: boolean, atOnce: boolean) {
  const [revealed, setRevealed] = useState(NOTHING);
  if (!allowed && revealed !== NOTHING) setRevealed(NOTHING);
  const caseId = shown.caseSummary?.caseId ?? NO_ID;
  const queries = useQueryClient();
  const sight = useSight(allowed);
  const reveal = useAskContent(caseId, sight, ({ pieces = [], words }) => {
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
    const { turn } = sight.current;
    mutate({ arrived, tags, words: arrived ? "no" : "again", turn });
  }, [allowed, atOnce, joined, mutate, revealed, shown, queries, caseId, sight]);
  const show = (tags: Uint8Array[]) => {
    mutate({ tags, words: "if missing", turn: sight.current.turn });
  };
  return { revealed, reveal, show };
}

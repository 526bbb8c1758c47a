// Asking for content: the words of a case, and pieces of its evidence.
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Evidence } from "#gen/frank/v1/review_pb";
import { useClients } from "../../api/clients";
import { toHex } from "../../api/ids";
import { problemOf } from "../../api/problems";
import { useIsResting, useTellExposure } from "../../api/self";
import type { Revealed } from "./arrived";

/** How many pieces one call may name. */
const MOST_TAGS = 256;

const WORDS = "words";

export interface Wanted {
  /** What is there already, of an answer to something else. */
  arrived?: Revealed | undefined;
  tags: Uint8Array[];
  /** Again: some may have been written since they came. */
  words: "again" | "if missing" | "no";
  /** Of the Sight in which it was asked for. */
  turn: number;
}

/** What somebody sees of a case, for as long as they may and look. */
export interface Sight {
  isSeen: boolean;
  /** How often it ended that they may. */
  turn: number;
  /** What has come in this turn: tags, and WORDS. */
  got: Set<string>;
}

/** Read where something is asked for, not while drawing. */
export function useSight(allowed: boolean) {
  const sight = useRef<Sight>({ isSeen: false, turn: 0, got: new Set() });
  useEffect(() => {
    const { current } = sight;
    current.isSeen = allowed;
    if (!allowed) {
      current.turn++;
      current.got.clear();
    }
    return () => {
      current.isSeen = false;
    };
  }, [allowed]);
  return sight;
}

/** Whether fewer pieces might be shown still, before a break or this shift's end. */
function isSpent(error: unknown): boolean {
  return ["BREAK_DUE", "EXPOSURE_SPENT"].includes(problemOf(error).reason);
}

/**
 * Asks for what is left of `tags`. What is too much at once is asked for in pieces
 * that only get smaller, until one alone is too much: so few are refused.
 */
async function askAsMany(
  tags: Uint8Array[],
  isLeft: (tag: Uint8Array) => boolean,
  ask: (some: Uint8Array[]) => Promise<void>,
  isResting: () => boolean,
): Promise<void> {
  let most = MOST_TAGS;
  for (let rest = tags.filter(isLeft); rest.length > 0; rest = rest.filter(isLeft)) {
    const some = rest.slice(0, most);
    try {
      await ask(some);
      // What did not come by then is not there.
      rest = rest.slice(most);
    } catch (error) {
      if (some.length < 2 || !isSpent(error) || isResting()) throw error;
      most = Math.ceil(some.length / 2);
    }
  }
}

/** Hands each answer on; words are asked for apart, since they count nothing. */
export function useAskContent(
  caseId: Uint8Array,
  sight: { readonly current: Sight },
  take: (news: Partial<Revealed>) => void,
) {
  const { review } = useClients();
  const tellExposure = useTellExposure();
  const isResting = useIsResting();
  const isWanted = (turn: number) => sight.current.isSeen && sight.current.turn === turn;
  const isLeft = (tag: Uint8Array) => !sight.current.got.has(toHex(tag));
  const hand = (news: Partial<Revealed>) => {
    for (const tag of news.pieces?.keys() ?? []) sight.current.got.add(tag);
    if (news.words) sight.current.got.add(WORDS);
    take(news);
  };
  const askWords = async (turn: number) => {
    const answer = await review.getCase({ caseId, revealNotes: true });
    tellExposure(answer.exposure);
    const { report: reports, note: notes, decision: decisions } = answer;
    if (isWanted(turn)) hand({ words: { reports, notes, decisions } });
  };
  /** They may stand on several pages of the case. */
  const askPieces = async (tags: Uint8Array[], turn: number) => {
    const [only] = tags.length === 1 ? tags : [];
    const asked = new Set(tags.map(toHex));
    for (let pageToken = ""; isWanted(turn);) {
      const answer = await review.getCase({
        caseId,
        revealTag: tags.filter(isLeft),
        textOnly: true,
        pageToken,
        ...(only && { frankingTag: only }),
      });
      tellExposure(answer.exposure);
      if (!isWanted(turn)) return;
      const pieces = [...answer.evidence, ...answer.context]
        .map((piece): [string, Evidence] => [toHex(piece.frankingTag), piece])
        .filter(([tag]) => asked.has(tag) && !sight.current.got.has(tag));
      hand({ pieces: new Map(pieces) });
      pageToken = answer.nextPageToken;
      if (!tags.some(isLeft) || pageToken === "") return;
    }
  };
  return useMutation({
    // One after the other, so that what the one brought the next does not ask for.
    scope: { id: `reveal ${toHex(caseId)}` },
    mutationFn: async ({ arrived, tags, words, turn }: Wanted) => {
      if (arrived && isWanted(turn)) hand(arrived);
      const lacksWords = words === "if missing" && !sight.current.got.has(WORDS);
      if ((words === "again" || lacksWords) && isWanted(turn)) await askWords(turn);
      const ask = (some: Uint8Array[]) => askPieces(some, turn);
      if (isWanted(turn)) await askAsMany(tags, isLeft, ask, isResting);
    },
    gcTime: 0,
  });
}

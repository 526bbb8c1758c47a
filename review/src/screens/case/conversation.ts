// The messages of a case in the order of time, with what lies between them shown
// as not disclosed.
import {
  Verdict,
  type Evidence,
  type GetCaseResponse,
  type MessageVerdict,
} from "#gen/frank/v1/review_pb";
import { toHex } from "../../api/ids";
import { distinctVerdicts } from "./proof";

export type Item =
  | {
      kind: "proven";
      tag: string;
      at: number;
      room: string;
      sender: string;
      piece: Evidence;
    }
  | {
      kind: "claimed";
      tag: string;
      at: number;
      room: string;
      sender: string;
      verdict: MessageVerdict;
    }
  | {
      kind: "gap";
      tag: string;
      at: number;
      room: string;
      lengthMs: number;
      /** All that was disclosed is loaded. */
      isWhole: boolean;
    };

const LONG_MS = 5 * 60_000;

/** Whether a gap is worth its time: that of a short one says nothing. */
export function isLong(gap: { lengthMs: number; isWhole: boolean }): boolean {
  return gap.isWhole && gap.lengthMs >= LONG_MS;
}

function provenItem(piece: Evidence): Item {
  return {
    kind: "proven",
    tag: toHex(piece.frankingTag),
    at: Number(piece.acceptedTimestamp[0] ?? 0n),
    room: piece.roomUri,
    sender: piece.senderUri,
    piece,
  };
}

function claimedItem(verdict: MessageVerdict, index: number): Item {
  return {
    kind: "claimed",
    tag: toHex(verdict.frankingTag) || `unnamed-${index.toString()}`,
    at: Number(verdict.acceptedTimestamp),
    room: verdict.roomUri,
    sender: verdict.senderUri,
    verdict,
  };
}

/**
 * Rooms one after the other, messages by time. A stamp has no number of its
 * room, so between two messages, however near, others may lie: that is said. Of times
 * that are proven alone.
 */
export function itemsOf(shown: GetCaseResponse): Item[] {
  const pieces = [...shown.evidence, ...shown.context].map(provenItem);
  const claimed = distinctVerdicts(shown.report)
    .filter(({ verdict }) => verdict !== Verdict.PROVEN)
    .map(claimedItem);
  const isWhole = shown.nextPageToken === "";
  const rooms = [...new Set([...pieces, ...claimed].map(({ room }) => room))];
  return rooms.flatMap((room) => {
    const messages = [...pieces, ...claimed]
      .filter((item) => item.room === room)
      .sort((a, b) => a.at - b.at);
    let last: number | undefined;
    return messages.flatMap((item): Item[] => {
      if (item.kind !== "proven" || item.at === 0) return [item];
      const before = last;
      last = item.at;
      if (before === undefined) return [item];
      const lengthMs = item.at - before;
      const tag = `gap ${item.tag}`;
      return [{ kind: "gap", tag, at: item.at, room, lengthMs, isWhole }, item];
    });
  });
}

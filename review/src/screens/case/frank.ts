// What a stamp says, and what moderation recomputed of it (protocol section 4).
import { toBinary } from "@bufbuild/protobuf";
import { FrankSchema, type Frank } from "#gen/frank/v1/frank_pb";
import {
  Verdict,
  type GetCaseResponse,
  type MessageVerdict,
} from "#gen/frank/v1/review_pb";
import { sameBytes, toHex } from "../../api/ids";

/** The stamp of a proven message, if the answer had room for it. */
export function frankOf(
  shown: GetCaseResponse,
  message: MessageVerdict,
): Frank | undefined {
  if (message.verdict !== Verdict.PROVEN) return undefined;
  return [...shown.evidence, ...shown.context]
    .flatMap(({ frank }) => frank)
    .find(
      (one) =>
        sameBytes(one.frankingTag, message.frankingTag) &&
        one.senderUri === message.senderUri &&
        one.roomUri === message.roomUri &&
        one.acceptedTimestamp === message.acceptedTimestamp,
    );
}

export interface Recomputed {
  /** From the disclosed content. */
  tag: string;
  /** From the tag, the sender, the room, the time and the key of the window. */
  stamp: string;
}

const SAME = "recomputed: the same";

/** In the order of the checks: the stamp first, then whether the content opens the tag. */
export function recomputedWords(verdict: Verdict): Recomputed {
  switch (verdict) {
    case Verdict.PROVEN:
      return { tag: SAME, stamp: SAME };
    case Verdict.BAD_OPENING:
      return { tag: "recomputed: differs, not told", stamp: SAME };
    case Verdict.FORGED_FRANK:
      return {
        tag: "not recomputed: nothing was stamped",
        stamp: "recomputed: it or its signature differs, not told",
      };
    default:
      return { tag: "not recomputed", stamp: "not recomputed" };
  }
}

/** The place in the batch that shares a signature; empty where none does. */
export function batchWords({ integrity }: Frank): string {
  if (integrity.case !== "batch") return "";
  const { index, size } = integrity.value;
  return `number ${(index + 1).toString()} of ${size.toString()}`;
}

/** The fields of a stamp, and its bytes as this tool encodes them. */
export function frankRecord(frank: Frank) {
  const { integrity } = frank;
  return {
    bytes: toHex(toBinary(FrankSchema, frank)),
    franking_tag: toHex(frank.frankingTag),
    sender_uri: frank.senderUri,
    room_uri: frank.roomUri,
    accepted_timestamp: Number(frank.acceptedTimestamp),
    server_frank: toHex(frank.serverFrank),
    ciphersuite: frank.ciphersuite,
    ...(integrity.case === "signature" && { signature: toHex(integrity.value) }),
    ...(integrity.case === "batch" && {
      batch: {
        signature: toHex(integrity.value.signature),
        size: integrity.value.size,
        index: integrity.value.index,
        inclusion_proof: integrity.value.inclusionProof.map(toHex),
      },
    }),
  };
}

/** What a stamp holds beside what the table shows, as names and whole values. */
export function frankValues(frank: Frank): [name: string, hex: string][] {
  const { integrity } = frank;
  const values: [string, string][] = [["stamp's MAC", toHex(frank.serverFrank)]];
  if (integrity.case === "signature") values.push(["signature", toHex(integrity.value)]);
  if (integrity.case === "batch") {
    values.push(["batch's signature", toHex(integrity.value.signature)]);
    integrity.value.inclusionProof.forEach((node, i) => {
      values.push([`node ${(i + 1).toString()} of its proof`, toHex(node)]);
    });
  }
  return values;
}

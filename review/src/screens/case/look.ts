// The bytes of a picture, as far as they were disclosed: fetched for one look,
// checked, and kept nowhere.
import { useMutation } from "@tanstack/react-query";
import type { DisclosedPart } from "#gen/frank/v1/review_pb";
import { useClients, type Clients } from "../../api/clients";
import { sameBytes, toHex } from "../../api/ids";
import { useTellExposure } from "../../api/self";
import { hashPart } from "./proof";
import { mediaKey, useTellOpened } from "./unseen";

export interface MediaRef {
  caseId: Uint8Array;
  frankingTag: Uint8Array;
  /** Of a file; absent: a part of the message itself. */
  fileTag?: Uint8Array;
  /** Of the part. */
  index?: number;
  mediaType: string;
  size: bigint;
  name: string;
  /** Of the part as it was committed to; empty: not revealed yet. */
  sha256?: Uint8Array | undefined;
  /** Of a file: how many of its chunks were disclosed, if not more, and how many it has. */
  chunks?: { disclosed: number; more: boolean; all: number };
}

/** What came of a look: a picture, or why there is none, in words. */
export type Look = { picture: Blob; moves: boolean } | { flaw: string };

const INCOMPLETE =
  "Not drawn: pieces of it are missing, and others would stand in their place.";
const CHANGED = "Not drawn: the bytes are not those that the service names.";

type GetCase = (
  request: Parameters<Clients["review"]["getCase"]>[0],
) => ReturnType<Clients["review"]["getCase"]>;

/** The parts or chunks of an answer, from an index on, by index. */
async function ask(
  getCase: GetCase,
  media: MediaRef,
  firstIndex: number,
): Promise<DisclosedPart[]> {
  const { caseId, frankingTag, fileTag } = media;
  const answer = await getCase({
    caseId,
    frankingTag,
    revealTag: [frankingTag],
    firstIndex,
    // Of a message the part that is looked at, and nothing beside it.
    ...(fileTag ? { fileTag } : { indexCount: 1 }),
  });
  const pieces = [...answer.evidence, ...answer.context];
  const found = fileTag
    ? pieces.flatMap(({ file }) =>
        file
          .filter((one) => sameBytes(one.fileTag, fileTag))
          .flatMap(({ chunk }) => chunk),
      )
    : pieces.flatMap(({ part }) => part);
  return found.sort((a, b) => a.index - b.index);
}

/**
 * Gathers a picture from the first piece to the last. An answer that has no room for
 * a body leaves it empty: the next one goes on there.
 */
export async function gather(getCase: GetCase, media: MediaRef): Promise<Look> {
  const bodies: Uint8Array<ArrayBuffer>[] = [];
  const first = media.fileTag ? 0 : (media.index ?? 0);
  const end = media.fileTag ? (media.chunks?.all ?? 0) : first + 1;
  for (let next = first; next < end;) {
    const before = next;
    for (const part of await ask(getCase, media, next)) {
      if (part.index !== next) return { flaw: INCOMPLETE };
      if (part.body.length === 0 && part.size > 0n) break;
      if (toHex(part.sha256) !== (await hashPart(part.mediaType, part.body))) {
        return { flaw: CHANGED };
      }
      bodies.push(new Uint8Array(part.body));
      next += 1;
    }
    if (next === before) return { flaw: INCOMPLETE };
  }
  const picture = new Blob(bodies, { type: media.mediaType });
  return { picture, moves: mayMove(new Uint8Array(await picture.arrayBuffer())) };
}

/** Whether it may be a sequence of pictures: any GIF, and PNG and WebP that say so. */
export function mayMove(bytes: Uint8Array): boolean {
  const letters = new TextDecoder("latin1").decode(bytes);
  return letters.startsWith("GIF8") || /acTL|ANIM/.test(letters);
}

/** Looks once; each call is a reveal in the service's log. */
export function useLook(media: MediaRef) {
  const { review } = useClients();
  const tellExposure = useTellExposure();
  const tellOpened = useTellOpened();
  return useMutation({
    mutationFn: () =>
      gather(async (request) => {
        const answer = await review.getCase(request);
        tellExposure(answer.exposure);
        return answer;
      }, media),
    onSuccess: () => {
      tellOpened(mediaKey(media.frankingTag, media.fileTag ?? media.index));
    },
    gcTime: 0,
  });
}

// Pictures and files: first what they are, then small, grey and blurred, and
// clear only while somebody holds. Each look is asked of the service, which logs
// it; nothing of it stays.
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useClients } from "../../api/clients";
import { toHex } from "../../api/ids";
import { useTellExposure } from "../../api/self";
import { Button } from "../../parts/button";
import { ProblemNote } from "../../parts/problem-note";
import { UntrustedLine } from "../../parts/untrusted-text";

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
  /** Of a file: how many of its chunks were disclosed, if not more, and how many it has. */
  chunks?: { disclosed: number; more: boolean; all: number };
}

// What a browser draws without running anything.
const DRAWN = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

export function sizeWords(size: bigint): string {
  const bytes = Number(size);
  if (bytes < 1024) return `${bytes.toString()} bytes`;
  const kib = bytes / 1024;
  return kib < 1024 ? `${kib.toFixed(1)} KiB` : `${(kib / 1024).toFixed(1)} MiB`;
}

/** Fetches the bytes; each call is a reveal in the service's log. */
function useLook(media: MediaRef) {
  const { review } = useClients();
  const tellExposure = useTellExposure();
  return useMutation({
    mutationFn: async (): Promise<Blob> => {
      const { caseId, frankingTag, fileTag } = media;
      const pieces: Uint8Array<ArrayBuffer>[] = [];
      for (let firstIndex = media.index ?? 0; ;) {
        const answer = await review.getCase({
          caseId,
          frankingTag,
          revealTag: [frankingTag],
          firstIndex,
          ...(fileTag && { fileTag }),
        });
        tellExposure(answer.exposure);
        const piece = [...answer.evidence, ...answer.context][0];
        const file = piece?.file.find(
          (f) => fileTag && toHex(f.fileTag) === toHex(fileTag),
        );
        const found = fileTag
          ? (file?.chunk ?? [])
          : (piece?.part ?? []).filter(({ index }) => index === media.index);
        pieces.push(...found.map(({ body }) => new Uint8Array(body)));
        const last = found.at(-1);
        if (!fileTag || !last || last.index + 1 >= (file?.chunkCount ?? 0)) break;
        firstIndex = last.index + 1;
      }
      return new Blob(pieces, { type: media.mediaType });
    },
    gcTime: 0,
  });
}

/** The address of a blob while the component shows it. */
function useBlobUrl(blob: Blob | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!blob) return;
    const made = URL.createObjectURL(blob);
    // An address lives outside of React and must be made and taken back there.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    setUrl(made);
    return () => {
      URL.revokeObjectURL(made);
      setUrl(undefined);
    };
  }, [blob]);
  return url;
}

export function Media({ media, allowed }: { media: MediaRef; allowed: boolean }) {
  const look = useLook(media);
  // Stays while the next look is on its way, so that the button stays under the hand.
  const [blob, setBlob] = useState<Blob>();
  const url = useBlobUrl(blob);
  const [held, setHeld] = useState(false);
  // Who may not look any more keeps nothing of it.
  if (!allowed && blob) setBlob(undefined);
  const { reset } = look;
  useEffect(() => {
    if (!allowed) reset();
  }, [allowed, reset]);
  const clear = held && allowed && look.isSuccess;
  const press = () => {
    if (held || !allowed) return;
    setHeld(true);
    look.mutate(undefined, { onSuccess: setBlob });
  };
  const name = media.name || "unnamed";
  return (
    <figure className="media">
      <figcaption>
        <UntrustedLine text={name} /> ·{" "}
        <UntrustedLine text={media.mediaType || "unknown type"} /> ·{" "}
        {sizeWords(media.size)}
        <br />
        <span className="mono faint">
          {media.fileTag
            ? `file ${toHex(media.fileTag)}`
            : `part ${(media.index ?? 0).toString()}`}
        </span>
      </figcaption>
      {media.chunks && media.chunks.disclosed < media.chunks.all && (
        <p className="withheld">
          {media.chunks.more && "At least "}
          {media.chunks.disclosed} of {media.chunks.all} chunks disclosed
        </p>
      )}
      {media.chunks?.disclosed === 0 && !media.chunks.more ? null : !DRAWN.has(
          media.mediaType,
        ) ? (
        <p className="hint">Not shown here: only still pictures are drawn.</p>
      ) : url === undefined ? (
        <Button
          aria-disabled={!allowed}
          busy={look.isPending}
          onClick={() => {
            if (allowed) look.mutate(undefined, { onSuccess: setBlob });
          }}
        >
          Show small, grey and blurred
        </Button>
      ) : (
        <div className="media-look">
          <img
            src={url}
            alt={`${name}, ${clear ? "clear" : "grey and blurred"}`}
            className={clear ? "clear" : "veiled"}
            draggable={false}
          />
          <Button
            className="hold"
            aria-pressed={held}
            onPointerDown={press}
            onPointerUp={() => setHeld(false)}
            onPointerLeave={() => setHeld(false)}
            onKeyDown={(event) => {
              if (event.key === " " || event.key === "Enter") press();
            }}
            onKeyUp={() => setHeld(false)}
            onBlur={() => setHeld(false)}
          >
            Hold to see it clearly
          </Button>
          <Button kind="quiet" onClick={() => setBlob(undefined)}>
            Put away
          </Button>
        </div>
      )}
      <ProblemNote error={look.error} />
    </figure>
  );
}

// Pictures and files: first what they are, then small, grey and blurred, and
// clear only while somebody holds. Each look is asked of the service, which logs
// it; nothing of it stays, and nothing moves that is not held.
import { useEffect, useState } from "react";
import { toHex } from "../../api/ids";
import { announce } from "../../app/announce";
import { Button } from "../../parts/button";
import { ProblemNote } from "../../parts/problem-note";
import { UntrustedLine } from "../../parts/untrusted-text";
import { useLook, type Look, type MediaRef } from "./look";
import { Still, useReducedMotion, useStill } from "./still";

export type { MediaRef } from "./look";

// What a browser draws without running anything.
const DRAWN = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

export function sizeWords(size: bigint): string {
  const bytes = Number(size);
  if (bytes < 1024) return `${bytes.toString()} bytes`;
  const kib = bytes / 1024;
  return kib < 1024 ? `${kib.toFixed(1)} KiB` : `${(kib / 1024).toFixed(1)} MiB`;
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

/** Moves for as long as it is there. */
function Moving({ picture, label }: { picture: Blob; label: string }) {
  const url = useBlobUrl(picture);
  return url === undefined ? null : (
    <img src={url} alt={label} className="clear" draggable={false} />
  );
}

/** What is held: the picture, or the picture as it moves. */
type Held = "still" | "moving" | undefined;

function HoldButton(props: {
  what: Exclude<Held, undefined>;
  held: Held;
  label: string;
  onHold: (held: Held) => void;
}) {
  const { what, held, label, onHold } = props;
  const leave = () => {
    onHold(undefined);
  };
  return (
    <Button
      className="hold"
      aria-pressed={held === what}
      onPointerDown={() => onHold(what)}
      onPointerUp={leave}
      onPointerLeave={leave}
      onKeyDown={(event) => {
        if (event.key === " " || event.key === "Enter") onHold(what);
      }}
      onKeyUp={leave}
      onBlur={leave}
    >
      {label}
    </Button>
  );
}

const NO_PICTURE = "Not drawn: the bytes are no such picture.";

function Undrawn({ why, onAway }: { why: string; onAway: () => void }) {
  return (
    <div className="problem" role="alert">
      <p>{why}</p>
      <Button kind="quiet" onClick={onAway}>
        Put away
      </Button>
    </div>
  );
}

interface DrawnProps {
  name: string;
  look: Look;
  /** Whether what is held may be seen now. */
  granted: boolean;
  held: Held;
  onHold: (held: Held) => void;
  onAway: () => void;
}

function Drawn({ name, look, granted, held, onHold, onAway }: DrawnProps) {
  const isCalm = useReducedMotion();
  const picture = "picture" in look ? look.picture : undefined;
  const moves = "picture" in look && look.moves;
  const still = useStill(picture);
  const shown = granted ? held : undefined;
  const label = `${name}, ${shown ? "clear" : "grey and blurred"}`;
  if ("flaw" in look) return <Undrawn why={look.flaw} onAway={onAway} />;
  if (still === null) return <Undrawn why={NO_PICTURE} onAway={onAway} />;
  return (
    <div className="media-look">
      {shown === "moving" && <Moving picture={look.picture} label={label} />}
      {shown !== "moving" && still && (
        <Still picture={still} label={label} className={shown ? "clear" : "veiled"} />
      )}
      <HoldButton
        what={moves && !isCalm ? "moving" : "still"}
        label="Hold to see it clearly"
        {...{ held, onHold }}
      />
      {moves && isCalm && (
        <HoldButton what="moving" label="Hold to see it move" {...{ held, onHold }} />
      )}
      <Button kind="quiet" onClick={onAway}>
        Put away
      </Button>
      {moves && <p className="hint">It may move, while it is held.</p>}
    </div>
  );
}

/** What it was committed to by, with which it can be found and compared elsewhere. */
function Hash({ label, bytes }: { label: string; bytes: Uint8Array }) {
  const hex = toHex(bytes);
  return (
    <span className="row">
      <span>
        {label} <span className="mono faint">{hex}</span>
      </span>
      <Button
        kind="quiet"
        onClick={() => {
          void navigator.clipboard.writeText(hex).then(
            () => announce("It was copied."),
            () => announce("The browser did not allow copying.", true),
          );
        }}
      >
        Copy<span className="unseen"> {label}</span>
      </Button>
    </span>
  );
}

function Caption({ media }: { media: MediaRef }) {
  const { name, mediaType, size, fileTag, sha256, index = 0 } = media;
  return (
    <figcaption>
      {fileTag && <Hash label="Tag of the file" bytes={fileTag} />}
      {sha256 && sha256.length > 0 && <Hash label="SHA-256 of the part" bytes={sha256} />}
      <span>
        {sizeWords(size)} · <UntrustedLine text={mediaType || "unknown type"} /> ·{" "}
        <UntrustedLine text={name || "unnamed"} />
        {!fileTag && <span className="faint"> · part {index + 1}</span>}
      </span>
    </figcaption>
  );
}

export function Media({ media, allowed }: { media: MediaRef; allowed: boolean }) {
  const look = useLook(media);
  // Stays while the next look is on its way, so that the button stays under the hand.
  const [seen, setSeen] = useState<Look>();
  const [held, setHeld] = useState<Held>();
  // Who may not look any more keeps nothing of it.
  if (!allowed && seen) setSeen(undefined);
  const { reset } = look;
  useEffect(() => {
    if (!allowed) reset();
  }, [allowed, reset]);
  const hold = (next: Held) => {
    if (next && (held || !allowed)) return;
    setHeld(next);
    if (next) look.mutate(undefined, { onSuccess: setSeen });
  };
  const { chunks } = media;
  const isThere = chunks === undefined || chunks.disclosed > 0 || chunks.more;
  return (
    <figure className="media">
      <Caption media={media} />
      {chunks && chunks.disclosed < chunks.all && (
        <p className="withheld">
          {chunks.more && "At least "}
          {chunks.disclosed} of {chunks.all} chunks disclosed
        </p>
      )}
      {isThere && !DRAWN.has(media.mediaType) && (
        <p className="hint">Not shown here: only pictures are drawn.</p>
      )}
      {isThere && DRAWN.has(media.mediaType) && !seen && (
        <Button
          aria-disabled={!allowed}
          busy={look.isPending}
          onClick={() => {
            if (allowed) look.mutate(undefined, { onSuccess: setSeen });
          }}
        >
          Show small, grey and blurred
        </Button>
      )}
      {seen && (
        <Drawn
          name={media.name || "unnamed"}
          look={seen}
          granted={allowed && look.isSuccess}
          held={held}
          onHold={hold}
          onAway={() => setSeen(undefined)}
        />
      )}
      <ProblemNote error={look.error} />
    </figure>
  );
}

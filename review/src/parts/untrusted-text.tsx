// What others wrote, as text: markup is letters, what steers the direction or
// hides is shown as a mark, and nothing reaches out of its own box.
import { useState } from "react";
import { Button } from "./button";

/** A piece of text as it is, or a mark for what must not act. */
export type Piece = { text: string } | { mark: string; title: string };

const NAMED: Record<number, [mark: string, title: string]> = {
  0x00ad: ["SHY", "soft hyphen"],
  0x061c: ["ALM", "Arabic letter mark"],
  0x180e: ["MVS", "Mongolian vowel separator"],
  0x200b: ["ZWSP", "zero-width space"],
  0x200c: ["ZWNJ", "zero-width non-joiner"],
  0x200d: ["ZWJ", "zero-width joiner"],
  0x200e: ["LRM", "left-to-right mark"],
  0x200f: ["RLM", "right-to-left mark"],
  0x2028: ["LS", "line separator"],
  0x2029: ["PS", "paragraph separator"],
  0x202a: ["LRE", "left-to-right embedding"],
  0x202b: ["RLE", "right-to-left embedding"],
  0x202c: ["PDF", "end of a direction"],
  0x202d: ["LRO", "left-to-right override"],
  0x202e: ["RLO", "right-to-left override"],
  0x2060: ["WJ", "word joiner"],
  0x2066: ["LRI", "left-to-right isolate"],
  0x2067: ["RLI", "right-to-left isolate"],
  0x2068: ["FSI", "first-strong isolate"],
  0x2069: ["PDI", "end of an isolate"],
  0x3164: ["HF", "Hangul filler"],
  0xfeff: ["BOM", "zero-width no-break space"],
  0xfffd: ["�", "bytes that are no text"],
};

// Controls but tab and line feed; formats and whatever else is drawn as nothing;
// tags; more than four marks on one letter; and emoji, which stay as they are.
const SPECIAL =
  /(?<emoji>\p{Extended_Pictographic}[\u{1f3fb}-\u{1f3ff}\ufe0f]?(?:\u200d\p{Extended_Pictographic}[\u{1f3fb}-\u{1f3ff}\ufe0f]?)*|[0-9#*]\ufe0f\u20e3)|(?<pile>(?<=\p{M}{4})\p{M}+)|(?<tags>[\u{e0000}-\u{e007f}]+)|(?<one>[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufffd](?<![\t\n]))/gu;

function markOf(character: string): Piece {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase().padStart(4, "0");
  const [mark, title] = NAMED[code] ?? [`U+${hex}`, "control character"];
  return { mark, title: `U+${hex} ${title}` };
}

/** Splits text into what may be shown as it is and what must not act. */
export function piecesOf(text: string): Piece[] {
  const lines = text.replaceAll("\r\n", "\n");
  const pieces: Piece[] = [];
  let end = 0;
  const plain = (until: number) => {
    if (until > end) pieces.push({ text: lines.slice(end, until) });
  };
  for (const match of lines.matchAll(SPECIAL)) {
    const found = match.groups ?? {};
    if (found.emoji !== undefined) continue;
    plain(match.index);
    end = match.index + match[0].length;
    if (found.pile !== undefined) {
      pieces.push({
        mark: `+${[...match[0]].length.toString()}`,
        title: "more marks on one letter",
      });
    } else if (found.tags !== undefined) {
      pieces.push({ mark: "TAGS", title: "invisible tag characters" });
    } else {
      pieces.push(markOf(match[0]));
    }
  }
  plain(lines.length);
  return pieces;
}

/** For a title, which holds letters alone. */
export function inTitle(text: string): string {
  return piecesOf(text)
    .map((piece) => ("text" in piece ? piece.text : `[${piece.mark}]`))
    .join("");
}

/** One line: names, addresses, reasons. */
export function UntrustedLine({ text }: { text: string }) {
  return (
    <bdi className="untrusted-line">
      {piecesOf(text).map((piece, i) => (
        <PieceOf key={i} piece={piece} />
      ))}
    </bdi>
  );
}

function PieceOf({ piece }: { piece: Piece }) {
  if ("text" in piece) return piece.text;
  return (
    <span className="mark" title={piece.title}>
      <span aria-hidden="true">{piece.mark}</span>
      <span className="unseen"> [{piece.title}] </span>
    </span>
  );
}

const FOLD_CHARACTERS = 900;
const FOLD_LINES = 12;

/** The beginning of long text, ending at a whole character. */
export function folded(text: string): string {
  const lines = text.split("\n").slice(0, FOLD_LINES).join("\n");
  return [...lines.slice(0, 2 * FOLD_CHARACTERS)].slice(0, FOLD_CHARACTERS).join("");
}

/** Text of any length; what is long is folded. */
export function UntrustedText({ text }: { text: string }) {
  const [open, setOpen] = useState(false);
  const beginning = folded(text);
  const isLong = beginning.length < text.length;
  const shown = open || !isLong ? text : beginning;
  return (
    <div className="untrusted">
      {shown.split("\n").map((line, i) => (
        <p key={i} dir="auto">
          {piecesOf(line).map((piece, j) => (
            <PieceOf key={j} piece={piece} />
          ))}
          {line === "" && <br />}
        </p>
      ))}
      {isLong && (
        <Button kind="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open
            ? "Fold"
            : `Show all ${[...text].length.toLocaleString("en-GB")} characters`}
        </Button>
      )}
    </div>
  );
}

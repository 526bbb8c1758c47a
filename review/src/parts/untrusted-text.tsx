// What others wrote, as text: markup is letters, what steers the direction or
// hides is shown as a mark, and nothing reaches out of its own box.
import { useMemo, useState } from "react";
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
  /(?<emoji>\p{Extended_Pictographic}[\u{1f3fb}-\u{1f3ff}\ufe0f]?(?:\u200d\p{Extended_Pictographic}[\u{1f3fb}-\u{1f3ff}\ufe0f]?)*|[0-9#*]\ufe0f\u20e3)|(?<pile>(?<=\p{M}{4})\p{M}+)|(?<tags>[\u{e0000}-\u{e007f}]+)|(?<one>[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufffd](?<![\t\n]))\k<one>*/gu;

function repeated(mark: string, title: string, count: number): Piece {
  if (count === 1) return { mark, title };
  const times = count.toLocaleString("en-GB");
  return { mark: `${mark} ×${times}`, title: `${title}, ${times} times` };
}

function markOf(character: string, count: number): Piece {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase().padStart(4, "0");
  const [mark, title] = NAMED[code] ?? [`U+${hex}`, "control character"];
  return repeated(mark, `U+${hex} ${title}`, count);
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
      const one = found.one ?? "";
      pieces.push(markOf(one, match[0].length / one.length));
    }
  }
  plain(lines.length);
  return pieces;
}

/** The same for what is one line, in which what ends a line is a mark as well. */
function lineOf(text: string): Piece[] {
  return piecesOf(text).flatMap((piece) => {
    if (!("text" in piece)) return [piece];
    return piece.text
      .split(/([\t\n]+)/)
      .filter((part) => part !== "")
      .map((part) =>
        /[\t\n]/.test(part)
          ? repeated("LF", "line feed or tab", part.length)
          : { text: part },
      );
  });
}

/** For a title, which holds letters alone. */
export function inTitle(text: string): string {
  return lineOf(text)
    .map((piece) => ("text" in piece ? piece.text : `[${piece.mark}]`))
    .join("");
}

/** One line: names, addresses, reasons. */
export function UntrustedLine({ text }: { text: string }) {
  return (
    <bdi className="untrusted-line">
      {lineOf(text).map((piece, i) => (
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

/** A line; or lines with nothing to see in them, which are counted. */
export type Row = { text: string } | { blank: number };

interface Room {
  rows: number;
  characters: number;
}
const BEGINNING: Room = { rows: 12, characters: 900 };
// With each asking more, and never so much that the page stands still.
const STEP: Room = { rows: 400, characters: 10_000 };
const BLANK = /^[\t\p{Zs}]*$/u;
const MOST_BLANK = 2;

/** The beginning of a text, as much as there is room for, ending at a whole character. */
export function rowsOf(text: string, room: Room): { rows: Row[]; isAll: boolean } {
  const rows: Row[] = [];
  let at = 0;
  let left = room.characters;
  while (at < text.length && rows.length < room.rows && left > 0) {
    const feed = text.indexOf("\n", at);
    const end = feed === -1 ? text.length : feed;
    const line = text.slice(at, end);
    const last = rows.at(-1);
    if (BLANK.test(line)) {
      if (last && "blank" in last) last.blank += 1;
      else rows.push({ blank: 1 });
      at = end + 1;
      continue;
    }
    const characters = [...line.slice(0, 2 * left)].slice(0, left);
    const shown = characters.join("");
    rows.push({ text: shown });
    left -= characters.length;
    at += shown.length === line.length ? line.length + 1 : shown.length;
  }
  return { rows, isAll: at >= text.length };
}

function RowOf({ row }: { row: Row }) {
  if ("text" in row) {
    return (
      <p dir="auto">
        {piecesOf(row.text).map((piece, i) => (
          <PieceOf key={i} piece={piece} />
        ))}
      </p>
    );
  }
  if (row.blank > MOST_BLANK) {
    return <p className="folded">{row.blank.toLocaleString("en-GB")} empty lines</p>;
  }
  return Array.from({ length: row.blank }, (_, i) => (
    <p key={i}>
      <br />
    </p>
  ));
}

/** Text of any length; what is long is folded, and opens piece by piece. */
export function UntrustedText({ text }: { text: string }) {
  const [steps, setSteps] = useState(0);
  const lines = useMemo(() => text.replaceAll("\r\n", "\n"), [text]);
  const length = useMemo(() => [...lines].length.toLocaleString("en-GB"), [lines]);
  const roomAfter = (n: number) =>
    n === 0 ? BEGINNING : { rows: n * STEP.rows, characters: n * STEP.characters };
  const { rows, isAll } = rowsOf(lines, roomAfter(steps));
  const isAllNext = isAll || rowsOf(lines, roomAfter(steps + 1)).isAll;
  return (
    <div className="untrusted">
      {rows.map((row, i) => (
        <RowOf key={i} row={row} />
      ))}
      {!isAll && (
        <Button
          kind="quiet"
          aria-expanded={steps > 0}
          onClick={() => setSteps(steps + 1)}
        >
          {isAllNext
            ? `Show all ${length} characters`
            : `Show more of ${length} characters`}
        </Button>
      )}
      {steps > 0 && (
        <Button kind="quiet" aria-expanded={true} onClick={() => setSteps(0)}>
          Fold
        </Button>
      )}
    </div>
  );
}

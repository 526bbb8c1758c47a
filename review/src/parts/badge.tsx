import type { ReactNode } from "react";

export type Tone = "plain" | "proven" | "doubt" | "forged" | "grave" | "accent";

/** A word with a meaning; the colour only repeats it. */
export function Badge({
  tone = "plain",
  children,
}: {
  tone?: Tone;
  children: ReactNode;
}) {
  return <span className={`badge ${tone}`}>{children}</span>;
}

/** A quantity of 4 in a row of bars: how grave, readable without colour. */
export function Bars({ level, words }: { level: number; words: string }) {
  return (
    <span className={`bars level-${level.toString()}`}>
      <span aria-hidden="true" className="bars-marks">
        {[1, 2, 3, 4].map((n) => (
          <i key={n} className={n <= level ? "on" : ""} />
        ))}
      </span>
      {words}
    </span>
  );
}

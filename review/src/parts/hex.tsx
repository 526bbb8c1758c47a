import { announce } from "../app/announce";

interface HexProps {
  hex: string;
  /** How much of it is shown; the whole is copied. */
  digits?: number;
  /** What it is, as in "Copy the tag". */
  what: string;
}

/** The beginning of a long value; copies the whole. */
export function Hex({ hex, digits = 8, what }: HexProps) {
  const copy = () => {
    void navigator.clipboard.writeText(hex).then(
      () => announce(`Copied: ${what}.`),
      () => announce("The browser did not allow copying.", true),
    );
  };
  return (
    <button type="button" className="hex-copy mono" title={hex} onClick={copy}>
      <span className="unseen">Copy {what} </span>
      {hex.slice(0, digits)}
      {hex.length > digits && "…"}
      <span aria-hidden="true"> ⧉</span>
    </button>
  );
}

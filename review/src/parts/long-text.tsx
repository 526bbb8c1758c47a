import type { ComponentPropsWithRef } from "react";

/** The most that the service takes of a note or a reason, and of what it keeps apart. */
export const NOTE_BYTES = 8192;
export const SHORT_REASON_BYTES = 1024;

/** As much of a text as has at most so many bytes of UTF-8, which the service counts. */
export function withinBytes(text: string, most: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(most));
  return text.slice(0, read);
}

interface LongTextProps extends Omit<ComponentPropsWithRef<"textarea">, "onChange"> {
  mostBytes?: number;
  onChange: (text: string) => void;
}

/** A field of several lines. */
export function LongText({ mostBytes = NOTE_BYTES, onChange, ...rest }: LongTextProps) {
  return (
    <textarea
      {...rest}
      className="textarea"
      onChange={(event) => onChange(withinBytes(event.target.value, mostBytes))}
    />
  );
}

import { useId, type ReactNode } from "react";
import type { Problem } from "../api/problems";

interface FieldProps {
  label: string;
  /** What belongs in it, below the label. */
  hint?: ReactNode;
  /** What is wrong with it. */
  error?: string | undefined;
  children: (ids: {
    id: string;
    "aria-describedby"?: string;
    "aria-invalid"?: true;
  }) => ReactNode;
}

/** A label, a control, and what is to be said of it. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const notes = [hint !== undefined && `${id}-hint`, error && `${id}-error`].filter(
    Boolean,
  );
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children({
        id,
        ...(notes.length > 0 && { "aria-describedby": notes.join(" ") }),
        ...(error && { "aria-invalid": true as const }),
      })}
      {error && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

/** What the service said of one field, by the last word of its path. */
export function fieldError(
  problem: Problem | undefined,
  name: string,
): string | undefined {
  return problem?.fields.find(({ field }) => field.split(".").pop() === name)?.rule;
}

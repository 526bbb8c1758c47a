import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Key } from "./key";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** primary: the one that goes on; danger: what is grave; quiet: in a line. */
  kind?: "plain" | "primary" | "danger" | "quiet";
  /** The key that does the same, shown beside the words. */
  shortcut?: string | undefined;
  /** It is under way: the button says so and takes no second press. */
  busy?: boolean;
  children: ReactNode;
}

export function Button({
  kind = "plain",
  shortcut,
  busy = false,
  children,
  className,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`button ${kind} ${className ?? ""}`}
      aria-disabled={busy || rest["aria-disabled"]}
      aria-busy={busy || undefined}
      onClick={busy ? undefined : rest.onClick}
    >
      <span>{children}</span>
      {shortcut !== undefined && <Key keys={shortcut} />}
    </button>
  );
}

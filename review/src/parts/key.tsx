const NAMES: Record<string, string> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  Enter: "↵",
  Escape: "Esc",
};

/** Keys as they stand on a keyboard. */
export function Key({ keys }: { keys: string }) {
  const parts = keys.split(/ (?=.)|(?<=[^ ])\+(?=.)/);
  return (
    <span className="keys" aria-hidden="true">
      {parts.map((part, i) => (
        <kbd key={i}>
          {NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part)}
        </kbd>
      ))}
    </span>
  );
}

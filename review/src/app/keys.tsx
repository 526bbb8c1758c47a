// The one registry of what can be done here and now. The keyboard, the list of
// keys ('?') and the command palette all read it.
import { useEffect, useId, useLayoutEffect, useRef } from "react";
import { preferences } from "./preferences";
import { Store, useStore } from "./store";

export interface Command {
  /** What it does, as a person would say it: "Claim the next case". */
  label: string;
  /** "n", "?", "Ctrl+k", "Ctrl+Enter", or two in a row: "g q". Absent: palette alone. */
  keys?: string;
  /** Heading under which it is listed. */
  group: string;
  /** A selector: the focus must be in there or around it. For what sends or decides. */
  within?: string;
  run: () => void;
}

const layers = new Store<ReadonlyMap<string, readonly Command[]>>(new Map());

/** Offers commands while the component is there; later layers win a key. */
export function useCommands(commands: readonly Command[]): void {
  const id = useId();
  const newest = useRef(commands);
  useLayoutEffect(() => {
    newest.current = commands;
  });
  const shape = commands.map((c) => `${c.group}|${c.label}|${c.keys ?? ""}`).join("\n");
  useEffect(() => {
    const steady = newest.current.map((command, i) => ({
      ...command,
      run: () => newest.current[i]?.run(),
    }));
    layers.set(new Map(layers.get()).set(id, steady));
    return () => {
      const rest = new Map(layers.get());
      rest.delete(id);
      layers.set(rest);
    };
  }, [id, shape]);
}

export function allCommands(): Command[] {
  return [...layers.get().values()].flat();
}

export function useAllCommands(): Command[] {
  return [...useStore(layers).values()].flat();
}

/** The name of the key that was pressed, as commands spell it. */
export function keyName(event: KeyboardEvent): string {
  const name = event.key === " " ? "Space" : event.key;
  const control = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
  const alt = event.altKey ? "Alt+" : "";
  const shift = event.shiftKey && name.length > 1 ? "Shift+" : "";
  return (
    control + alt + shift + (control && name.length === 1 ? name.toLowerCase() : name)
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches(
        "textarea, select, [role=listbox] *, [role=menu] *, " +
          "input:not([type=checkbox]):not([type=radio]):not([type=button])",
      ))
  );
}

/** Keys that a focused control needs for itself. */
function isControls(target: EventTarget | null, name: string): boolean {
  return (
    (name === "Enter" || name === "Space") &&
    target instanceof HTMLElement &&
    target.matches("button, a, summary, input, [role=tab], [role=option]")
  );
}

/** Whether `name` may start a command while `target` has the focus. */
export function mayCommand(target: EventTarget | null, name: string): boolean {
  if (document.querySelector("[role=dialog][data-open]")) return false;
  const modified = name.startsWith("Ctrl+") || name.startsWith("Alt+");
  if (modified) return true;
  if (!preferences.get().singleKeys) return false;
  return !isTyping(target) && !isControls(target, name);
}

/** Whether the command takes keys from where the focus is. */
function listens({ within }: Command, target: EventTarget | null): boolean {
  if (within === undefined || !(target instanceof HTMLElement)) return true;
  return target.closest(within) !== null || target.querySelector(within) !== null;
}

const SEQUENCE_MS = 1500;

/** Listens to the whole window. Returns how to stop. */
export function listenForKeys(): () => void {
  let first: { name: string; at: number } | undefined;
  const listen = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.repeat || event.isComposing) return;
    const name = keyName(event);
    // From a field back to the keys of the screen.
    if (name === "Escape" && isTyping(event.target)) (event.target as HTMLElement).blur();
    if (!mayCommand(event.target, name)) return;
    const commands = allCommands()
      .reverse()
      .filter((command) => listens(command, event.target));
    const sequence =
      first && event.timeStamp - first.at < SEQUENCE_MS ? `${first.name} ${name}` : "";
    first = undefined;
    const command =
      commands.find((c) => c.keys === sequence) ?? commands.find((c) => c.keys === name);
    if (command) {
      event.preventDefault();
      command.run();
    } else if (commands.some((c) => c.keys?.startsWith(`${name} `))) {
      first = { name, at: event.timeStamp };
    }
  };
  window.addEventListener("keydown", listen);
  return () => {
    window.removeEventListener("keydown", listen);
  };
}

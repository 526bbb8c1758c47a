import { useRef, type RefObject } from "react";
import { useCommands } from "../../app/keys";

/**
 * Lets the keys move among the links of a list, one an entry: the focus goes
 * from link to link, so that whoever is read to hears the entry that is chosen.
 */
export function useListKeys<T extends HTMLElement>(what: string): RefObject<T | null> {
  const list = useRef<T>(null);
  const links = () => [...(list.current?.querySelectorAll("a") ?? [])];
  const chosen = () => links().findIndex((link) => link === document.activeElement);
  const move = (by: number) => links()[Math.max(0, chosen() + by)]?.focus();
  const group = "List";
  useCommands([
    { label: `Next ${what}`, keys: "j", group, run: () => move(1) },
    { label: `The ${what} before`, keys: "k", group, run: () => move(-1) },
    {
      label: `Open the chosen ${what}`,
      keys: "o",
      group,
      run: () => links()[Math.max(0, chosen())]?.click(),
    },
  ]);
  return list;
}

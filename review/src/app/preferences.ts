// What somebody chose for this browser. No secret, nothing about cases.
import { Store } from "./store";

export interface Preferences {
  theme: "system" | "light" | "dark";
  /** Single keys act; off: only those with Ctrl or Alt (WCAG 2.1.4). */
  singleKeys: boolean;
  /** Text of cases whose category is text is shown at once. */
  textAtOnce: boolean;
}

const KEY = "frank.preferences";
const DEFAULTS: Preferences = { theme: "system", singleKeys: true, textAtOnce: true };

function load(): Preferences {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as object) };
  } catch {
    return DEFAULTS;
  }
}

export const preferences = new Store<Preferences>(load());

export function prefer(change: Partial<Preferences>): void {
  preferences.set({ ...preferences.get(), ...change });
  localStorage.setItem(KEY, JSON.stringify(preferences.get()));
}

/** Keeps the page in the colours that were chosen. Returns how to stop. */
export function followTheme(): () => void {
  const apply = () => {
    document.documentElement.dataset.theme = preferences.get().theme;
  };
  apply();
  return preferences.subscribe(apply);
}

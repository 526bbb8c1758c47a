// Saved views: names for queries, kept in this browser for whoever saved them. A
// query that names an account or a colleague, or has words of notes, is not kept.
import { Store } from "../../app/store";

export interface View {
  /** Whose it is. */
  moderator: string;
  name: string;
  query: string;
}

const KEY = "frank.views";
const PERSONAL = ["accused", "reporter", "moderator", "words"] as const;

function load(): View[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    if (!Array.isArray(kept)) return [];
    return (kept as Partial<View>[]).filter(
      (view): view is View => typeof view.moderator === "string",
    );
  } catch {
    return [];
  }
}

export const savedViews = new Store<readonly View[]>(load());

function keep(views: readonly View[]): void {
  savedViews.set(views);
  localStorage.setItem(KEY, JSON.stringify(views));
}

/** What of a query no view may hold. */
export function personalIn(query: URLSearchParams) {
  return PERSONAL.filter((field) => query.has(field));
}

const isIt = (view: View, moderator: string, name: string) =>
  view.moderator === moderator && view.name === name;

export function saveView(moderator: string, name: string, query: URLSearchParams): void {
  if (personalIn(query).length > 0) return;
  const others = savedViews.get().filter((view) => !isIt(view, moderator, name));
  keep([...others, { moderator, name, query: query.toString() }]);
}

export function forgetView(moderator: string, name: string): void {
  keep(savedViews.get().filter((view) => !isIt(view, moderator, name)));
}

// The view that somebody looked at last, in memory, for them alone: what is next
// after a case that was opened there comes from there.
let seen = { moderator: "", query: "" };

export function rememberView(moderator: string, query: URLSearchParams): void {
  seen = { moderator, query: query.toString() };
}

/** The query of the last view; empty: none, or one of everything. */
export function lastView(moderator: string): URLSearchParams {
  return new URLSearchParams(seen.moderator === moderator ? seen.query : "");
}

// Routes live behind the '#' of the address: any static file server will do, and
// nothing about cases is ever asked of it.
import { useSyncExternalStore } from "react";

export interface Place {
  /** "/case/0011…" in segments. */
  path: string[];
  query: URLSearchParams;
}

/** A segment as it was meant; as it stands where that cannot be known. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

export function parsePlace(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#?\/?/, "").split("?", 2);
  return {
    path: path.split("/").filter(Boolean).map(decoded),
    query: new URLSearchParams(query),
  };
}

/** The address of a screen: href("case", id) and href("queue?severity=4"). */
export function href(...path: string[]): string {
  return `#/${path.join("/")}`;
}

export function go(address: string, how: "push" | "replace" = "push"): void {
  if (how === "push") window.location.hash = address;
  else {
    history.replaceState(null, "", address);
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  }
}

let last = { hash: "", place: parsePlace("") };

function current(): Place {
  const { hash } = window.location;
  if (hash !== last.hash) last = { hash, place: parsePlace(hash) };
  return last.place;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => {
    window.removeEventListener("hashchange", listener);
  };
}

export function usePlace(): Place {
  return useSyncExternalStore(subscribe, current);
}

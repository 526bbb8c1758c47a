// The checkpoint that this browser saw last. A log that is shown to it later
// must have grown out of that one, or somebody rewrote it.
import { parseVkey, openCheckpoint, type Checkpoint } from "./checkpoint";

const KEY = "frank.audit.seen";

/** The note as it was kept; undefined: none of this key's was seen here. */
export async function seenCheckpoint(vkey: string): Promise<Checkpoint | undefined> {
  const note = localStorage.getItem(KEY);
  const key = await parseVkey(vkey);
  return note !== null && key ? await openCheckpoint(note, key) : undefined;
}

/** Keeps a checkpoint that was verified, verbatim. */
export function rememberCheckpoint(note: string): void {
  localStorage.setItem(KEY, note);
}

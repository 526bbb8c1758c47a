// The checkpoint that this browser saw last. A log that is shown to it later
// must have grown out of that one, or somebody rewrote it.
import { parseVkey, openCheckpoint, type Checkpoint } from "./checkpoint";

const KEY = "frank.audit.seen";

export interface Seen {
  /** The key under which it was verified then. */
  vkey: string;
  checkpoint: Checkpoint;
}

/** What was kept, under the key of then; undefined: none was seen here. */
export async function seenCheckpoint(): Promise<Seen | undefined> {
  const [, vkey = "", note = ""] =
    /^([^\n]*)\n(.*)$/s.exec(localStorage.getItem(KEY) ?? "") ?? [];
  const key = await parseVkey(vkey);
  const checkpoint = key && (await openCheckpoint(note, key));
  return checkpoint && { vkey, checkpoint };
}

/** Keeps a checkpoint that was verified, verbatim, below the key that it holds under. */
export function rememberCheckpoint(vkey: string, note: string): void {
  localStorage.setItem(KEY, `${vkey}\n${note}`);
}

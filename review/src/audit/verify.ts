// What can be said of the audit log without trusting who serves it: a checkpoint
// is signed, an entry is under it, it grew out of an older one, all entries are
// those that it was made over.
import { sameBytes, toHex } from "../api/ids";
import { sha256 } from "./bytes";
import { openCheckpoint, parseVkey, readCheckpoint, type Checkpoint } from "./checkpoint";
import { parseEntry } from "./entry";
import { isConsistent, isIncluded, TreeHasher, type Head } from "./merkle";

/** Opens a checkpoint under the vkey of the configuration. */
export async function openUnder(
  vkey: string,
  note: string,
): Promise<Checkpoint | undefined> {
  const key = await parseVkey(vkey);
  return key && (await openCheckpoint(note, key));
}

/** As AuditService.GetInclusionProof gives it. */
export interface EntryProof {
  entry: Uint8Array;
  leafIndex: bigint;
  proof: readonly Uint8Array[];
  checkpoint: string;
}

export type EntryVerdict =
  | { holds: true; checkpoint: Checkpoint; leafHash: string }
  | { holds: false; why: "signature" | "proof" | "other entry" | "no key" };

/**
 * Whether a proof shows that the entry whose SHA-256 is `expected` is in the
 * signed log. Who knows the hash from elsewhere need not trust the proof's entry.
 * Without a vkey the rest is checked all the same: "no key" is then all that lacks.
 */
export async function verifyEntry(
  vkey: string,
  given: EntryProof,
  expected: Uint8Array | undefined,
): Promise<EntryVerdict> {
  const checkpoint = vkey
    ? await openUnder(vkey, given.checkpoint)
    : readCheckpoint(given.checkpoint);
  if (!checkpoint) return { holds: false, why: "signature" };
  const hash = await sha256(given.entry);
  if (expected && !sameBytes(hash, expected)) return { holds: false, why: "other entry" };
  const { entry, leafIndex: index, proof } = given;
  const claim = { entry, index, proof, size: checkpoint.size };
  if (!(await isIncluded(claim, checkpoint.root))) return { holds: false, why: "proof" };
  if (!vkey) return { holds: false, why: "no key" };
  return { holds: true, checkpoint, leafHash: toHex(hash) };
}

/** Whether `after` grew out of `before`, by a proof of the service. */
export async function verifyGrowth(
  before: Head,
  after: Head,
  getProof: (oldSize: bigint, newSize: bigint) => Promise<readonly Uint8Array[]>,
): Promise<boolean> {
  if (before.size > after.size) return false;
  const needsProof = before.size > 0n && before.size < after.size;
  const proof = needsProof ? await getProof(before.size, after.size) : [];
  return await isConsistent(before, after, proof);
}

/** A subject whose acts are not numbered 1, 2, 3 …: what should have come. */
export interface Gap {
  subject: string;
  expected: number;
  found: number;
  leafIndex: bigint;
}

export interface LogFindings {
  /** All entries together give the root that was signed. */
  rootHolds: boolean;
  /** The first entries give the older root; undefined: none was compared. */
  olderHolds: boolean | undefined;
  entryCount: bigint;
  subjectCount: number;
  /** Leaves that are no entry of section 8, the first hundred. */
  unreadable: bigint[];
  /** The first hundred. */
  gaps: Gap[];
}

const MAX_FINDINGS = 100;

interface Leaf {
  leafIndex: bigint;
  entry: Uint8Array;
}

/** Counts each subject's acts as they come. */
class ActCounter {
  readonly #last = new Map<string, number>();
  readonly gaps: Gap[] = [];
  readonly unreadable: bigint[] = [];

  add({ leafIndex, entry }: Leaf): void {
    const read = parseEntry(entry);
    if (read?.actNumber === undefined) {
      if (this.unreadable.length < MAX_FINDINGS) this.unreadable.push(leafIndex);
      return;
    }
    const { subject, actNumber: found } = read;
    const expected = (this.#last.get(subject) ?? 0) + 1;
    if (found !== expected && this.gaps.length < MAX_FINDINGS) {
      this.gaps.push({ subject, expected, found, leafIndex });
    }
    this.#last.set(subject, found);
  }

  get subjectCount(): number {
    return this.#last.size;
  }
}

/**
 * Hashes all entries anew and compares the root with that of the checkpoint, and
 * at the size of an older one with its. Calls `onProgress` with the number of
 * entries that are done, after each batch.
 */
export async function verifyLog(
  batches: AsyncIterable<readonly Leaf[]>,
  checkpoint: Head,
  older: Head | undefined,
  onProgress: (done: bigint) => void,
): Promise<LogFindings> {
  const tree = new TreeHasher();
  const acts = new ActCounter();
  let olderHolds: boolean | undefined = older && false;
  const compareOlder = async () => {
    if (older?.size === tree.size) olderHolds = sameBytes(await tree.root(), older.root);
  };
  await compareOlder();
  for await (const batch of batches) {
    for (const leaf of batch) {
      await tree.append(leaf.entry);
      acts.add(leaf);
      await compareOlder();
    }
    onProgress(tree.size);
  }
  const rootHolds =
    tree.size === checkpoint.size && sameBytes(await tree.root(), checkpoint.root);
  return {
    rootHolds,
    olderHolds,
    entryCount: tree.size,
    subjectCount: acts.subjectCount,
    unreadable: acts.unreadable,
    gaps: acts.gaps,
  };
}

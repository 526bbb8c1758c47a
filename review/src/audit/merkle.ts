// Merkle trees of RFC 9162, section 2.1: the head over all entries, and proofs
// about it. Sizes are bigint, since those of the protocol have 64 bits.
import { sameBytes } from "../api/ids";
import { sha256, type Bytes } from "./bytes";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export function leafHash(entry: Uint8Array): Promise<Bytes> {
  return sha256(LEAF, entry);
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Bytes> {
  return sha256(NODE, left, right);
}

/** The root of the tree of no entries. */
export function emptyRoot(): Promise<Bytes> {
  return sha256();
}

export interface Inclusion {
  entry: Uint8Array;
  index: bigint;
  size: bigint;
  proof: readonly Uint8Array[];
}

/** Whether `entry` is leaf `index` of the tree of `size` entries under `root`. */
export async function isIncluded(claim: Inclusion, root: Uint8Array): Promise<boolean> {
  const { entry, index, size, proof } = claim;
  if (index < 0n || index >= size) return false;
  let hash = await leafHash(entry);
  let at = index;
  let last = size - 1n;
  for (const sibling of proof) {
    if (last === 0n || sibling.length !== 32) return false;
    if (at % 2n === 1n || at === last) {
      hash = await nodeHash(sibling, hash);
      while (at % 2n === 0n && at !== 0n) {
        at >>= 1n;
        last >>= 1n;
      }
    } else {
      hash = await nodeHash(hash, sibling);
    }
    at >>= 1n;
    last >>= 1n;
  }
  return last === 0n && sameBytes(hash, root);
}

/** A tree at one size. */
export interface Head {
  size: bigint;
  root: Uint8Array;
}

/** Whether the tree `before` is the beginning of `after`. */
export async function isConsistent(
  before: Head,
  after: Head,
  proof: readonly Uint8Array[],
): Promise<boolean> {
  if (before.size < 0n || before.size > after.size) return false;
  if (before.size === after.size) {
    return proof.length === 0 && sameBytes(before.root, after.root);
  }
  if (before.size === 0n) {
    return proof.length === 0 && sameBytes(before.root, await emptyRoot());
  }
  return await leadsToBoth(before, after, proof);
}

/** RFC 9162 section 2.1.4.2, for 0 < before.size < after.size. */
async function leadsToBoth(
  before: Head,
  after: Head,
  proof: readonly Uint8Array[],
): Promise<boolean> {
  const isPower = (before.size & (before.size - 1n)) === 0n;
  const [first, ...rest] = isPower ? [before.root, ...proof] : proof;
  if (first?.length !== 32 || rest.some(({ length }) => length !== 32)) return false;
  let at = before.size - 1n;
  let last = after.size - 1n;
  while (at % 2n === 1n) {
    at >>= 1n;
    last >>= 1n;
  }
  let old = first;
  let whole = first;
  for (const sibling of rest) {
    if (last === 0n) return false;
    if (at % 2n === 1n || at === last) {
      old = await nodeHash(sibling, old);
      whole = await nodeHash(sibling, whole);
      while (at % 2n === 0n && at !== 0n) {
        at >>= 1n;
        last >>= 1n;
      }
    } else {
      whole = await nodeHash(whole, sibling);
    }
    at >>= 1n;
    last >>= 1n;
  }
  return last === 0n && sameBytes(old, before.root) && sameBytes(whole, after.root);
}

/** Takes entries in the order of the tree, and gives the root over them. */
export class TreeHasher {
  // Roots of full trees, the largest first; their sizes are the bits of #size.
  readonly #full: Bytes[] = [];
  #size = 0n;

  get size(): bigint {
    return this.#size;
  }

  async append(entry: Uint8Array): Promise<void> {
    let hash = await leafHash(entry);
    for (let size = this.#size; size % 2n === 1n; size >>= 1n) {
      const left = this.#full.pop();
      if (left) hash = await nodeHash(left, hash);
    }
    this.#full.push(hash);
    this.#size++;
  }

  async root(): Promise<Bytes> {
    const [smallest, ...larger] = [...this.#full].reverse();
    if (!smallest) return await emptyRoot();
    let root = smallest;
    for (const left of larger) root = await nodeHash(left, root);
    return root;
  }
}

// An audit log in memory: entries, the checkpoints over them and proofs, made the
// slow way, straight from RFC 9162's definitions.
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../../src/api/ids";
import { concat, toBase64, utf8, type Bytes } from "../../src/audit/bytes";

type Detail = string | number | boolean;

function hash(...parts: Uint8Array[]): Bytes {
  return new Uint8Array(sha256(concat(...parts)));
}

function root(leaves: readonly Uint8Array[]): Bytes {
  const [only] = leaves;
  if (!only) return hash();
  if (leaves.length === 1) return hash(Uint8Array.of(0), only);
  const k = splitAt(leaves.length);
  return hash(Uint8Array.of(1), root(leaves.slice(0, k)), root(leaves.slice(k)));
}

/** The largest power of two that is smaller than n. */
function splitAt(n: number): number {
  return 2 ** Math.floor(Math.log2(n - 1));
}

function path(index: number, leaves: readonly Uint8Array[]): Bytes[] {
  if (leaves.length <= 1) return [];
  const k = splitAt(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return index < k
    ? [...path(index, left), root(right)]
    : [...path(index - k, right), root(left)];
}

function subproof(m: number, leaves: readonly Uint8Array[], whole: boolean): Bytes[] {
  if (m === leaves.length) return whole ? [] : [root(leaves)];
  const k = splitAt(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return m <= k
    ? [...subproof(m, left, whole), root(right)]
    : [...subproof(m - k, right, false), root(left)];
}

function vec(text: string): Bytes {
  const body = utf8(text);
  const { length } = body;
  const header = length < 64 ? [length] : [0x40 | (length >> 8), length & 0xff];
  return concat(Uint8Array.from(header), body);
}

/** Encodes an entry; of keys in ASCII. */
export function entryOf(
  time: number,
  actor: string,
  act: string,
  subject: string,
  details: Record<string, Detail>,
): Bytes {
  const when = new DataView(new ArrayBuffer(8));
  when.setBigUint64(0, BigInt(time));
  const sorted = Object.fromEntries(Object.entries(details).sort());
  return concat(
    Uint8Array.of(1),
    new Uint8Array(when.buffer),
    ...[actor, act, subject, JSON.stringify(sorted)].map(vec),
  );
}

/** A log over entries, signed by a key of its own. */
export function auditLog(entries: Bytes[], origin = "frank.example/audit") {
  const { secretKey, publicKey } = ed25519.keygen();
  const material = concat(Uint8Array.of(1), publicKey);
  const keyId = hash(utf8(`${origin}\n`), material).slice(0, 4);
  const checkpointAt = (size: number, signedAt = 1_795_000_000_000): string => {
    const head = toBase64(root(entries.slice(0, size)));
    const text = `${origin}\n${size.toString()}\n${head}\ntime ${signedAt.toString()}\n`;
    const signature = ed25519.sign(utf8(text), secretKey);
    return `${text}\n\u2014 ${origin} ${toBase64(concat(keyId, signature))}\n`;
  };
  return {
    entries,
    vkey: `${origin}+${toHex(keyId)}+${toBase64(material)}`,
    checkpointAt,
    inclusion: (index: number, size = entries.length) => ({
      entry: entries[index] ?? new Uint8Array(),
      leafIndex: BigInt(index),
      proof: path(index, entries.slice(0, size)),
      checkpoint: checkpointAt(size),
    }),
    consistency: (old: number, size: number) =>
      old === 0 ? [] : subproof(old, entries.slice(0, size), true),
  };
}

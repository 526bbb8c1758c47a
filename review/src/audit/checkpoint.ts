// Checkpoints of the audit log: C2SP tlog-checkpoint in a signed note (protocol
// section 8).
import { fromHex, sameBytes } from "../api/ids";
import { fromBase64, sha256, utf8, type Bytes } from "./bytes";
import { verifyEd25519 } from "./ed25519";
import type { Head } from "./merkle";

const ED25519 = 0x01;

/** Who signs the log's heads. */
export interface LogKey {
  origin: string;
  keyId: Bytes;
  publicKey: Bytes;
}

export interface Checkpoint extends Head {
  origin: string;
  /** Milliseconds since the Unix epoch, as signed; undefined: it does not say. */
  signedAt: number | undefined;
}

/** Reads origin "+" hex(key_id) "+" base64(0x01 || public_key). */
export async function parseVkey(vkey: string): Promise<LogKey | undefined> {
  const [origin = "", id = "", key = "", ...more] = splitVkey(vkey);
  const keyId = /^[0-9a-f]{8}$/.test(id) ? fromHex(id) : undefined;
  const material = fromBase64(key);
  if (!origin || more.length > 0 || !keyId) return undefined;
  if (material?.length !== 33 || material[0] !== ED25519) return undefined;
  const whole = await sha256(utf8(`${origin}\n`), material);
  if (!sameBytes(keyId, whole.slice(0, 4))) return undefined;
  return { origin, keyId, publicKey: material.slice(1) };
}

/** An origin has no '+', base64 may. */
function splitVkey(vkey: string): string[] {
  const first = vkey.indexOf("+");
  const second = vkey.indexOf("+", first + 1);
  if (first < 0 || second < 0) return [];
  return [vkey.slice(0, first), vkey.slice(first + 1, second), vkey.slice(second + 1)];
}

/** The text of a note and the signatures below it; undefined: it is no note. */
function splitNote(note: string): { text: string; signatures: string[] } | undefined {
  const gap = note.lastIndexOf("\n\n");
  if (gap < 0 || !note.endsWith("\n") || hasControls(note)) return undefined;
  const signatures = note.slice(gap + 2, -1).split("\n");
  return { text: note.slice(0, gap + 1), signatures };
}

function hasControls(note: string): boolean {
  return [...note].some((c) => c < " " && c !== "\n");
}

interface NoteSignature {
  name: string;
  keyId: Uint8Array;
  signature: Bytes;
}

function parseSignature(line: string): NoteSignature | undefined {
  const [, name = "", base64 = ""] = /^\u2014 ([^\s+]+) (\S+)$/u.exec(line) ?? [];
  const bytes = fromBase64(base64);
  if (!bytes || bytes.length < 5) return undefined;
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}

/** The head that the text of a checkpoint states. */
function parseText(text: string): Checkpoint | undefined {
  const [origin = "", size = "", root = "", ...extensions] = text
    .slice(0, -1)
    .split("\n");
  const hash = fromBase64(root);
  if (!origin || !/^(?:0|[1-9][0-9]{0,19})$/.test(size) || hash?.length !== 32) {
    return undefined;
  }
  if (BigInt(size) >= 1n << 64n || extensions.includes("")) return undefined;
  const time = /^time ([1-9][0-9]{0,15})$/.exec(extensions[0] ?? "")?.[1];
  return {
    origin,
    size: BigInt(size),
    root: hash,
    signedAt: time === undefined ? undefined : Number(time),
  };
}

/**
 * Returns what a checkpoint states if `key` signed it; undefined if not, or if it
 * is not one. Signatures of others are passed over.
 */
export async function openCheckpoint(
  note: string,
  key: LogKey,
): Promise<Checkpoint | undefined> {
  const split = splitNote(note);
  const checkpoint = split && parseText(split.text);
  if (!split || checkpoint?.origin !== key.origin) return undefined;
  const signatures = split.signatures.map(parseSignature);
  if (signatures.includes(undefined)) return undefined;
  const own = signatures.find(
    (one) => one?.name === key.origin && sameBytes(one.keyId, key.keyId),
  );
  if (!own) return undefined;
  const holds = await verifyEd25519(key.publicKey, own.signature, utf8(split.text));
  return holds ? checkpoint : undefined;
}

/** What a checkpoint states, on the word of whoever gave it. */
export function readCheckpoint(note: string): Checkpoint | undefined {
  const split = splitNote(note);
  return split && parseText(split.text);
}

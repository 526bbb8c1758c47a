// What the audit log proves, checked here: signed notes (C2SP), tree heads and
// inclusion (RFC 9162), by the browser's own SHA-256 and Ed25519.

export interface Checkpoint {
  origin: string;
  size: number;
  root: Uint8Array<ArrayBuffer>;
  /** What the signature covers. */
  text: string;
  signatures: { name: string; keyId: string; signature: Uint8Array<ArrayBuffer> }[];
}

export interface VerifierKey {
  name: string;
  /** 4 bytes, hex. */
  keyId: string;
  publicKey: Uint8Array<ArrayBuffer>;
}

type Bytes = Uint8Array<ArrayBuffer>;

async function sha256(...pieces: Uint8Array[]): Promise<Bytes> {
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const joined = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

/** Canonical, padded base64 alone. */
function fromBase64(text: string): Bytes | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    return btoa(String.fromCharCode(...bytes)) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}

const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

export function leafHash(entry: Uint8Array): Promise<Bytes> {
  return sha256(LEAF, entry);
}

/** The root that a proof leads to (RFC 9162, 2.1.3.2); undefined: it cannot be one. */
export async function rootOfInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
): Promise<Uint8Array | undefined> {
  if (index >= size) return undefined;
  let node = leaf;
  let at = index;
  let last = size - 1;
  for (const other of proof) {
    if (last === 0 || other.length !== 32) return undefined;
    if (at % 2 === 1 || at === last) {
      node = await sha256(NODE, other, node);
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
      }
    } else {
      node = await sha256(NODE, node, other);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? node : undefined;
}

const DECIMAL = /^(0|[1-9][0-9]{0,15})$/;

// A note is lines of text: no control character but the line feed.
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f]/;

/** Reads a signed note; undefined: it is none, or no checkpoint. */
export function parseCheckpoint(note: string): Checkpoint | undefined {
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || !note.endsWith("\n") || CONTROL.test(note)) return undefined;
  const text = note.slice(0, end + 1);
  const [origin = "", size = "", rootText = "", ...extensions] = text
    .slice(0, -1)
    .split("\n");
  const root = fromBase64(rootText);
  if (!origin || !DECIMAL.test(size) || root?.length !== 32) return undefined;
  if (extensions.includes("")) return undefined;
  const signatures: Checkpoint["signatures"] = [];
  for (const line of note.slice(end + 2, -1).split("\n")) {
    const [, name, blob] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? [];
    const bytes = blob === undefined ? undefined : fromBase64(blob);
    if (name === undefined || !bytes || bytes.length < 5) return undefined;
    signatures.push({ name, keyId: hex(bytes.slice(0, 4)), signature: bytes.slice(4) });
  }
  return { origin, size: Number(size), root, text, signatures };
}

/** Reads a vkey, whose id must be that of its key; undefined: it is none. */
export async function parseVkey(vkey: string): Promise<VerifierKey | undefined> {
  const [, name = "", keyId = "", blob = ""] =
    /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(vkey.trim()) ?? [];
  const bytes = fromBase64(blob);
  if (bytes?.length !== 33 || bytes[0] !== 1) return undefined;
  const hash = await sha256(new TextEncoder().encode(`${name}\n`), bytes);
  if (hex(hash.slice(0, 4)) !== keyId) return undefined;
  return { name, keyId, publicKey: bytes.slice(1) };
}

/** Whether the log's own key signed the checkpoint. */
export async function isSignedBy(
  checkpoint: Checkpoint,
  key: VerifierKey,
): Promise<boolean> {
  const own = checkpoint.signatures.filter(
    (s) => s.name === key.name && s.keyId === key.keyId,
  );
  if (checkpoint.origin !== key.name || own.length === 0) return false;
  const verifier = await crypto.subtle.importKey("raw", key.publicKey, "Ed25519", false, [
    "verify",
  ]);
  const text = new TextEncoder().encode(checkpoint.text);
  for (const { signature } of own) {
    if (!(await crypto.subtle.verify("Ed25519", verifier, signature, text))) return false;
  }
  return true;
}

/** What is proven of an entry. */
export type EntryProof =
  /** In the tree whose head the key signed. */
  | "proven"
  /** In the tree of the checkpoint, whose signature there is no key for. */
  | "unsigned"
  /** The proof does not lead to the head, or the signature is not the key's. */
  | "failed";

export interface InclusionClaim {
  entry: Uint8Array;
  leafIndex: bigint;
  proof: readonly Uint8Array[];
  checkpoint: string;
}

/** Checks one entry from its bytes to the signature. */
export async function checkInclusion(
  claim: InclusionClaim,
  entrySha256: Uint8Array,
  vkey: string,
): Promise<EntryProof> {
  const checkpoint = parseCheckpoint(claim.checkpoint);
  if (!checkpoint) return "failed";
  if (hex(await sha256(claim.entry)) !== hex(entrySha256)) return "failed";
  const leaf = await leafHash(claim.entry);
  const root = await rootOfInclusion(
    leaf,
    Number(claim.leafIndex),
    checkpoint.size,
    claim.proof,
  );
  if (!root || hex(root) !== hex(checkpoint.root)) return "failed";
  const key = await parseVkey(vkey);
  if (!key) return vkey === "" ? "unsigned" : "failed";
  return (await isSignedBy(checkpoint, key)) ? "proven" : "failed";
}

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  checkInclusion,
  isSignedBy,
  leafHash,
  parseCheckpoint,
  parseVkey,
  rootOfInclusion,
} from "../../src/api/audit-proof";
import { fromHex, toHex } from "../../src/api/ids";

function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(`../tests/vectors/${name}.json`, "utf8")) as T;
}

function bytes(hex: string) {
  const found = fromHex(hex);
  if (!found) throw new Error("no hex");
  return found;
}

interface Log {
  leaves: string[];
  inclusion: { size: number; index: number; proof: string[] }[];
  roots: Record<string, string>;
}
const LOG = vectors<Log>("merkle_log");
const CHECKPOINT = vectors<{
  vkey: string;
  cases: { tree_size: number; root_hash: string; signed_note: string }[];
}>("checkpoint");
const NEGATIVE = vectors<{
  cases: {
    name: string;
    kind: string;
    expect: string;
    vkey: string;
    signed_note: string;
  }[];
}>("negative_checkpoint");

async function accepts(note: string, vkey: string): Promise<boolean> {
  const checkpoint = parseCheckpoint(note);
  const key = await parseVkey(vkey);
  return checkpoint !== undefined && key !== undefined && isSignedBy(checkpoint, key);
}

test.each(CHECKPOINT.cases)(
  "the checkpoint of $tree_size entries is signed",
  async (one) => {
    expect(await accepts(one.signed_note, CHECKPOINT.vkey)).toBe(true);
    expect(toHex(parseCheckpoint(one.signed_note)?.root ?? new Uint8Array())).toBe(
      one.root_hash,
    );
  },
);

test.each(NEGATIVE.cases.filter(({ kind }) => kind === "checkpoint"))(
  "of the published checkpoints: $name",
  async (one) => {
    expect(await accepts(one.signed_note, one.vkey)).toBe(one.expect === "accept");
  },
);

test("a flipped bit anywhere in a note is noticed", async () => {
  const note = CHECKPOINT.cases[2]?.signed_note ?? "";
  for (let i = 0; i < note.length; i++) {
    const flipped =
      note.slice(0, i) + String.fromCharCode(note.charCodeAt(i) ^ 1) + note.slice(i + 1);
    expect(await accepts(flipped, CHECKPOINT.vkey), `at ${i.toString()}`).toBe(false);
  }
});

test("each published proof leads to its root, and no other place does", async () => {
  let checked = 0;
  for (const { size, index, proof } of LOG.inclusion) {
    const root = LOG.roots[size.toString()];
    const leaf = await leafHash(bytes(LOG.leaves[index] ?? ""));
    const path = proof.map(bytes);
    const found = await rootOfInclusion(leaf, index, size, path);
    expect(toHex(found ?? new Uint8Array())).toBe(root);
    const elsewhere = await rootOfInclusion(leaf, (index + 1) % size, size, path);
    if (size > 1) expect(toHex(elsewhere ?? new Uint8Array())).not.toBe(root);
    checked++;
  }
  expect(checked).toBeGreaterThan(0);
});

test("an entry is proven by its bytes, its place and the signature together", async () => {
  const one = CHECKPOINT.cases.find(({ tree_size }) => tree_size === 1);
  const entry = bytes(LOG.leaves[0] ?? "");
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", entry));
  const claim = { entry, leafIndex: 0n, proof: [], checkpoint: one?.signed_note ?? "" };
  expect(await checkInclusion(claim, hash, CHECKPOINT.vkey)).toBe("proven");
  expect(await checkInclusion(claim, hash, "")).toBe("unsigned");
  expect(
    await checkInclusion({ ...claim, entry: bytes("00") }, hash, CHECKPOINT.vkey),
  ).toBe("failed");
  const other = NEGATIVE.cases[0]?.vkey ?? "";
  expect(await checkInclusion(claim, hash, other)).toBe("failed");
});

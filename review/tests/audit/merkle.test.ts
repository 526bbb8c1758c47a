import { expect, test } from "vitest";
import { toHex } from "../../src/api/ids";
import { isConsistent, isIncluded, TreeHasher } from "../../src/audit/merkle";
import { bytes, readVectors } from "./vectors";

interface Log {
  leaves: string[];
  roots: Record<string, string>;
  inclusion: { index: number; size: number; proof: string[] }[];
  consistency: { old_size: number; new_size: number; proof: string[] }[];
}
interface Case {
  name: string;
  kind: string;
  expect: "accept" | "reject";
  leaf: string;
  index: number;
  size: number;
  root: string;
  proof: string[];
  old_size: number;
  new_size: number;
  old_root: string;
  new_root: string;
}

const LOG = readVectors<Log>("merkle_log");
const root = (size: number) => bytes(LOG.roots[size.toString()] ?? "");
const head = (size: number) => ({ size: BigInt(size), root: root(size) });
const negative = readVectors<{ cases: Case[] }>("negative_openings").cases;
const ofKind = (kind: string) =>
  negative.filter((c) => c.kind === kind).map((c) => [c.name, c] as const);

test("appending entries gives the roots of all sizes", async () => {
  const tree = new TreeHasher();
  const roots: Record<string, string> = { "0": toHex(await tree.root()) };
  for (const leaf of LOG.leaves) {
    await tree.append(bytes(leaf));
    roots[tree.size.toString()] = toHex(await tree.root());
  }
  expect(roots).toMatchObject(LOG.roots);
});

test("proofs of inclusion hold at their place, and not beside it", async () => {
  for (const { index, size, proof } of LOG.inclusion) {
    const path = proof.map(bytes);
    const leaf = LOG.leaves[index] ?? "";
    for (const i of [index - 1, index, index + 1]) {
      // Some leaves are alike.
      if (i !== index && LOG.leaves[i] === leaf) continue;
      const entry = bytes(leaf);
      const claim = { entry, index: BigInt(i), size: BigInt(size), proof: path };
      expect(await isIncluded(claim, root(size))).toBe(i === index);
    }
  }
});

test("proofs of consistency hold for their sizes, and not one entry off", async () => {
  for (const { old_size: old, new_size: size, proof } of LOG.consistency) {
    const path = proof.map(bytes);
    expect(await isConsistent(head(old), head(size), path)).toBe(true);
    const off = { size: BigInt(old + 1), root: root(old) };
    expect(await isConsistent(off, head(size), path)).toBe(false);
  }
});

test.each(ofKind("inclusion"))("inclusion %s", async (_, c) => {
  const claim = {
    entry: bytes(c.leaf),
    index: BigInt(c.index),
    size: BigInt(c.size),
    proof: c.proof.map(bytes),
  };
  expect(await isIncluded(claim, bytes(c.root))).toBe(c.expect === "accept");
});

test.each(ofKind("consistency"))("consistency %s", async (_, c) => {
  const before = { size: BigInt(c.old_size), root: bytes(c.old_root) };
  const after = { size: BigInt(c.new_size), root: bytes(c.new_root) };
  const holds = await isConsistent(before, after, c.proof.map(bytes));
  expect(holds).toBe(c.expect === "accept");
});

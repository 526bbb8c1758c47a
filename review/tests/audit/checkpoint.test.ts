import { expect, test, vi } from "vitest";
import { toHex } from "../../src/api/ids";
import { openCheckpoint, parseVkey, readCheckpoint } from "../../src/audit/checkpoint";
import { isGoodKey, verifyEd25519, verifyInScript } from "../../src/audit/ed25519";
import { parseEntry } from "../../src/audit/entry";
import { utf8 } from "../../src/audit/bytes";
import { bytes, readVectors } from "./vectors";

interface Positive {
  vkey: string;
  signature_public_key: string;
  cases: { tree_size: number; root_hash: string; signed_note: string }[];
}
interface Negative {
  cases: {
    name: string;
    kind: "checkpoint" | "entry";
    expect: "accept" | "reject";
    vkey: string;
    signed_note: string;
    entry: string;
  }[];
}
const POSITIVE = readVectors<Positive>("checkpoint");
const NEGATIVE = readVectors<Negative>("negative_checkpoint").cases;
const ofKind = (kind: string) =>
  NEGATIVE.filter((c) => c.kind === kind).map((c) => [c.name, c] as const);

test("signed checkpoints open to their size and root", async () => {
  const key = await parseVkey(POSITIVE.vkey);
  expect(key && toHex(key.publicKey)).toBe(POSITIVE.signature_public_key);
  for (const { tree_size, root_hash, signed_note } of POSITIVE.cases) {
    const open = key && (await openCheckpoint(signed_note, key));
    expect(open?.size).toBe(BigInt(tree_size));
    expect(open && toHex(open.root)).toBe(root_hash);
    expect(readCheckpoint(signed_note)?.size).toBe(BigInt(tree_size));
  }
});

test.each(ofKind("checkpoint"))("checkpoint: %s", async (_, c) => {
  const key = await parseVkey(c.vkey);
  const open = key && (await openCheckpoint(c.signed_note, key));
  expect(open !== undefined).toBe(c.expect === "accept");
});

test.each(ofKind("entry"))("entry: %s", (_, c) => {
  expect(parseEntry(bytes(c.entry)) !== undefined).toBe(c.expect === "accept");
});

test("the first extension line says when a checkpoint was signed", () => {
  const note = POSITIVE.cases[0]?.signed_note ?? "";
  expect(readCheckpoint(note)?.signedAt).toBeUndefined();
  const timed = note.replace("\n\n", "\ntime 1795000000000\n\n");
  expect(readCheckpoint(timed)?.signedAt).toBe(1795000000000);
});

interface Frank {
  cases: { name: string; signature_public_key?: string; expect: string }[];
}
test("keys of small order and keys that are not canonical are refused", () => {
  const cases = readVectors<Frank>("negative_frank").cases.filter(({ name }) =>
    name.startsWith("small-order key"),
  );
  expect(cases.length).toBeGreaterThanOrEqual(14);
  for (const { name, signature_public_key } of cases) {
    expect(isGoodKey(bytes(signature_public_key ?? "")), name).toBe(false);
  }
  expect(isGoodKey(bytes(POSITIVE.signature_public_key))).toBe(true);
});

test("without Ed25519 in the browser the same is verified in script", async () => {
  const note = POSITIVE.cases[1]?.signed_note ?? "";
  const [text = ""] = note.split("\n\u2014 ");
  const base64 = note.trimEnd().split(" ").pop() ?? "";
  const signature = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)).slice(4);
  const key = bytes(POSITIVE.signature_public_key);
  expect(await verifyInScript(key, signature, utf8(text))).toBe(true);
  expect(await verifyInScript(key, signature, utf8(`${text}x`))).toBe(false);
  const without = vi
    .spyOn(crypto.subtle, "importKey")
    .mockRejectedValue(new DOMException("", "NotSupportedError"));
  expect(await verifyEd25519(key, signature, utf8(text))).toBe(true);
  expect(without).toHaveBeenCalledOnce();
  without.mockRestore();
});

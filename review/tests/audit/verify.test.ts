import { afterEach, expect, test } from "vitest";
import { sha256, utf8 } from "../../src/audit/bytes";
import { readCheckpoint } from "../../src/audit/checkpoint";
import { parseEntry, says } from "../../src/audit/entry";
import { rememberCheckpoint, seenCheckpoint } from "../../src/audit/seen";
import { verifyEntry, verifyGrowth, verifyLog } from "../../src/audit/verify";
import { auditLog, entryOf } from "../world/audit-log";

const LOG = auditLog([
  entryOf(1000, "moderator:anna", "case.claimed", "case:0a", { act_number: 1 }),
  entryOf(2000, "moderator:ben", "case.claimed", "case:0b", { act_number: 1 }),
  entryOf(3000, "moderator:anna", "case.decided", "case:0a", { act_number: 2 }),
]);
const head = (size: number) => {
  const found = readCheckpoint(LOG.checkpointAt(size));
  if (!found) throw new Error("no checkpoint");
  return found;
};
async function* batches(entries: readonly Uint8Array[]) {
  yield entries.map((entry, i) => ({ leafIndex: BigInt(i), entry }));
}
afterEach(() => {
  localStorage.clear();
});

test("an entry is proven under the signed checkpoint", async () => {
  const proof = LOG.inclusion(1);
  const hash = await sha256(LOG.entries[1] ?? utf8(""));
  expect(await verifyEntry(LOG.vkey, proof, hash)).toMatchObject({ holds: true });
});

test("a proof of another entry, another log or another leaf proves nothing", async () => {
  const proof = LOG.inclusion(1);
  const other = await sha256(LOG.entries[0] ?? utf8(""));
  expect(await verifyEntry(LOG.vkey, proof, other)).toMatchObject({ why: "other entry" });
  const moved = { ...proof, leafIndex: 2n };
  expect(await verifyEntry(LOG.vkey, moved, undefined)).toMatchObject({ why: "proof" });
  const unsigned = { ...proof, checkpoint: proof.checkpoint.replace("\n3\n", "\n4\n") };
  expect(await verifyEntry(LOG.vkey, unsigned, undefined)).toMatchObject({
    why: "signature",
  });
});

test("a log grows out of what was seen, or it was rewritten", async () => {
  const proofs = (old: bigint, size: bigint) =>
    Promise.resolve(LOG.consistency(Number(old), Number(size)));
  expect(await verifyGrowth(head(1), head(3), proofs)).toBe(true);
  expect(await verifyGrowth(head(3), head(3), proofs)).toBe(true);
  expect(await verifyGrowth(head(0), head(3), proofs)).toBe(true);
  expect(await verifyGrowth(head(3), head(2), proofs)).toBe(false);
  const rewritten = { ...head(2), root: head(1).root };
  expect(await verifyGrowth(rewritten, head(3), proofs)).toBe(false);
});

test("all entries give the signed root, and the older one on the way", async () => {
  const done: bigint[] = [];
  const found = await verifyLog(batches(LOG.entries), head(3), head(2), (n) =>
    done.push(n),
  );
  expect(found).toEqual({
    rootHolds: true,
    olderHolds: true,
    entryCount: 3n,
    subjectCount: 2,
    unreadable: [],
    gaps: [],
  });
  expect(done).toEqual([3n]);
});

test("an entry that is gone shows in the root and in the numbers", async () => {
  const found = await verifyLog(
    batches(LOG.entries.slice(1)),
    head(3),
    head(2),
    () => undefined,
  );
  expect(found.rootHolds).toBe(false);
  expect(found.olderHolds).toBe(false);
  expect(found.gaps).toEqual([
    { subject: "case:0a", expected: 1, found: 2, leafIndex: 1n },
  ]);
});

test("a leaf that is no entry is named", async () => {
  const found = await verifyLog(
    batches([utf8("nonsense")]),
    head(1),
    undefined,
    () => undefined,
  );
  expect(found.unreadable).toEqual([0n]);
});

test("the browser remembers a checkpoint with the key that it holds under", async () => {
  expect(await seenCheckpoint()).toBeUndefined();
  rememberCheckpoint(LOG.vkey, LOG.checkpointAt(2));
  const seen = await seenCheckpoint();
  expect([seen?.vkey, seen?.checkpoint.size]).toEqual([LOG.vkey, 2n]);
});

test("without a key all but the signature is checked", async () => {
  const proof = LOG.inclusion(1);
  const hash = await sha256(LOG.entries[1] ?? utf8(""));
  const other = await sha256(LOG.entries[0] ?? utf8(""));
  const moved = { ...proof, leafIndex: 2n };
  expect(await verifyEntry("", proof, hash)).toMatchObject({ why: "no key" });
  expect(await verifyEntry("", proof, other)).toMatchObject({ why: "other entry" });
  expect(await verifyEntry("", moved, hash)).toMatchObject({ why: "proof" });
});

test("an entry says each field that was listed, or not this act", () => {
  const entry = parseEntry(LOG.entries[2] ?? utf8(""));
  const listed = {
    number: 2n,
    time: 3000n,
    actor: "moderator:anna",
    act: "case.decided",
    subject: "case:0a",
    details: '{"act_number":2}',
  };
  expect(says(entry, listed)).toBe(true);
  for (const [field, value] of [
    ["number", 1n],
    ["time", 3001n],
    ["actor", "moderator:ben"],
    ["act", "case.claimed"],
    ["subject", "case:0b"],
    ["details", "{}"],
  ] as const) {
    expect(says(entry, { ...listed, [field]: value }), field).toBe(false);
  }
  expect(says(undefined, listed)).toBe(false);
});

import { create, fromBinary } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { Frank_BatchSchema, FrankSchema } from "#gen/frank/v1/frank_pb";
import { EvidenceSchema, GetCaseResponseSchema, Verdict } from "#gen/frank/v1/review_pb";
import { fromHex } from "../../src/api/ids";
import { isLong, itemsOf } from "../../src/screens/case/conversation";
import {
  countProof,
  distinctVerdicts,
  proofJson,
  proofSentence,
} from "../../src/screens/case/proof";
import { evidenceOf, reportOf, verdictOf } from "../world/town";

const ACCUSED = "mimi://hub.example/u/mallory";
const NOW = Date.UTC(2026, 10, 27);
const DAY = 24 * 60;
const own = evidenceOf("own", { by: "accused", ago: 20 * DAY }, ACCUSED, NOW);
const later = evidenceOf("later", { by: "accused", ago: 6 * DAY }, ACCUSED, NOW);
const context = evidenceOf("context", { by: "bo", ago: 19 * DAY }, ACCUSED, NOW);
const forged = evidenceOf("forged", { by: "accused", ago: 10 * DAY }, ACCUSED, NOW);

test("what others wrote is counted apart", () => {
  const report = reportOf("one", "bo", "spam", "", [own, context]);
  const count = countProof([report], ACCUSED);
  expect(count).toMatchObject({ proven: 1, total: 1, context: 1 });
  expect(proofSentence(count)).toContain("1 of 1 message proven");
  expect(proofSentence(count)).toContain("1 message of others proven");
});

test("a message that cannot be told whose it is may be the accused's", () => {
  const report = reportOf("one", "bo", "spam", "", [own]);
  report.message.push({
    ...verdictOf(forged, Verdict.FORGED_FRANK),
    $typeName: "frank.v1.MessageVerdict",
    senderUri: "",
  });
  expect(countProof([report], ACCUSED)).toMatchObject({ forged: 1, total: 2 });
});

test("what was left out is said in the sentence and in the record", () => {
  const report = reportOf("one", "bo", "spam", "", [own]);
  report.leftOutMessageCount = 4;
  const sentence = proofSentence(countProof([report], ACCUSED, 2));
  expect(sentence).toContain("as far as loaded");
  expect(sentence).toContain("left out here: 4 checks and 2 reports");
  const shown = create(GetCaseResponseSchema, {
    report: [report],
    leftOutReportCount: 2,
  });
  expect(JSON.parse(proofJson(shown))).toMatchObject({
    left_out_report_count: 2,
    reports: [{ left_out_message_count: 4 }],
  });
});

test("what cannot be verified is said with why", () => {
  const report = reportOf("one", "bo", "spam", "", [own, later]);
  report.message = [
    { ...verdictOf(own, Verdict.EXPIRED_KEY), $typeName: "frank.v1.MessageVerdict" },
    { ...verdictOf(later, Verdict.EXPIRED_KEY), $typeName: "frank.v1.MessageVerdict" },
  ];
  expect(proofSentence(countProof([report], ACCUSED))).toContain(
    "2 cannot be verified: the key window is over",
  );
});

test("the record has the stamp of what is proven, and what was recomputed", () => {
  const batch = create(Frank_BatchSchema, {
    signature: new Uint8Array(64).fill(0xcd),
    size: 3,
    index: 1,
  });
  const frank = create(FrankSchema, {
    frankingTag: own.frankingTag,
    senderUri: own.senderUri,
    roomUri: own.roomUri,
    acceptedTimestamp: own.acceptedTimestamp[0] ?? 0n,
    serverFrank: new Uint8Array(32).fill(0xab),
    ciphersuite: 1,
    integrity: { case: "batch", value: batch },
  });
  const stamped = create(EvidenceSchema, { ...own, frank: [frank] });
  const reports = [
    reportOf("one", "bo", "spam", "", [own]),
    reportOf("two", "bo", "spam", "", [forged], Verdict.FORGED_FRANK),
  ];
  const shown = create(GetCaseResponseSchema, { report: reports, evidence: [stamped] });
  const [proven, made] = (
    JSON.parse(proofJson(shown)) as {
      reports: { messages: { frank?: unknown; recomputed: unknown }[] }[];
    }
  ).reports.flatMap(({ messages }) => messages);
  expect(proven).toMatchObject({
    recomputed: { tag: "recomputed: the same", stamp: "recomputed: the same" },
    frank: {
      server_frank: "ab".repeat(32),
      ciphersuite: 1,
      batch: { size: 3, index: 1 },
    },
  });
  const { bytes } = proven?.frank as { bytes: string };
  expect(fromBinary(FrankSchema, fromHex(bytes) ?? new Uint8Array())).toEqual(frank);
  expect(made?.frank).toBeUndefined();
  expect(made?.recomputed).toMatchObject({ stamp: expect.stringContaining("differs") });
});

test("one tag in two rooms is two messages", () => {
  const report = reportOf("one", "bo", "spam", "", [own, own]);
  const [, second] = report.message;
  if (second) second.roomUri = "mimi://hub.example/r/other";
  expect(distinctVerdicts([report]).length).toBe(2);
});

test("a gap lies between proven times alone", () => {
  const claimed = reportOf("one", "bo", "spam", "", [forged], Verdict.BAD_OPENING);
  const shown = create(GetCaseResponseSchema, {
    evidence: [own, later],
    report: [claimed],
  });
  const kinds = itemsOf(shown).map((item) =>
    item.kind === "gap" ? item.lengthMs / 86_400_000 : item.kind,
  );
  expect(kinds).toEqual(["proven", "claimed", 14, "proven"]);
});

test("between two messages others may lie, however near they are", () => {
  const near = evidenceOf("near", { by: "accused", ago: 6 * DAY - 1 }, ACCUSED, NOW);
  const shown = create(GetCaseResponseSchema, { evidence: [later, near] });
  const items = itemsOf(shown);
  expect(items.map(({ kind }) => kind)).toEqual(["proven", "gap", "proven"]);
  expect(items.filter((item) => item.kind === "gap").map(isLong)).toEqual([false]);
});

test("while evidence is left to load, a gap may be that alone", () => {
  const shown = create(GetCaseResponseSchema, {
    evidence: [own, later],
    nextPageToken: "more",
  });
  const gaps = itemsOf(shown).filter((item) => item.kind === "gap");
  expect(gaps.map(({ isWhole }) => isWhole)).toEqual([false]);
  expect(gaps.map(isLong)).toEqual([false]);
});

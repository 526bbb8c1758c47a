// A town in memory: cases as a service would hold them, by a seed and a clock.
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  CaseState,
  CaseSummarySchema,
  EvidenceSchema,
  ExposureCategory,
  ProofStatus,
  ReportCondition,
  Severity,
  Verdict,
  type CaseReport,
  type CaseSummary,
  type Evidence,
} from "#gen/frank/v1/review_pb";
import { CaseReportSchema } from "#gen/frank/v1/review_pb";
import { Frank_BatchSchema, FrankSchema } from "#gen/frank/v1/frank_pb";
import type { Decision } from "#gen/frank/v1/decision_pb";
import { hashPart } from "../../src/screens/case/proof";
import { fromHex } from "../../src/api/ids";
import { REASONS } from "./tables";

export const HUB = "mimi://hub.example";
const MINUTE = 60_000;

/** Bytes that are the same for the same name. */
export function bytesOf(name: string, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let state = 2166136261;
  for (let i = 0; i < size + name.length; i++) {
    state = Math.imul(state ^ (name.charCodeAt(i % name.length) + i), 16777619);
    bytes[i % size] = (state >>> 13) & 255;
  }
  return bytes;
}

/** Gives each part the hash that it was committed under. */
export async function fillHashes(cases: TownCase[]): Promise<void> {
  for (const piece of cases.flatMap((one) => [...one.evidence, ...one.context])) {
    for (const part of piece.part) {
      const hash = fromHex(await hashPart(part.mediaType, part.body));
      if (hash) part.sha256 = hash;
    }
  }
}

export interface TownCase {
  summary: CaseSummary;
  reports: CaseReport[];
  evidence: Evidence[];
  context: Evidence[];
  decisions: Decision[];
  notes: { moderator: string; writtenAt: bigint; text: string }[];
}

export interface Said {
  /** Who: the accused, or a letter for somebody else. */
  by: "accused" | string;
  /** Minutes before now. */
  ago: number;
  text?: string;
  /** Parts that nobody disclosed, beside the text. */
  withheld?: number[];
  file?: { name: string; mediaType: string; body: Uint8Array<ArrayBuffer> };
}

const encoder = new TextEncoder();

/** The stamp of a message, of no key. */
function stampOf(
  name: string,
  of: Pick<Evidence, "frankingTag" | "senderUri" | "roomUri">,
  at: number,
) {
  const batch = { signature: bytesOf(`${name} batch`, 64), size: 4, index: 1 };
  const inclusionProof = ["left", "right"].map((side) => bytesOf(`${name} ${side}`, 32));
  return create(FrankSchema, {
    ...of,
    acceptedTimestamp: BigInt(at),
    serverFrank: bytesOf(`${name} stamp`, 32),
    ciphersuite: 1,
    integrity: {
      case: "batch",
      value: create(Frank_BatchSchema, { ...batch, inclusionProof }),
    },
  });
}

export function evidenceOf(
  name: string,
  said: Said,
  accused: string,
  now: number,
): Evidence {
  const texts = said.text === undefined ? [] : [said.text];
  const withheld = said.withheld ?? [];
  const part: MessageInitShape<typeof EvidenceSchema>["part"] = texts.map(
    (text, index) => ({
      index,
      mediaType: "text/plain",
      size: BigInt(encoder.encode(text).length),
      body: encoder.encode(text),
      sha256: bytesOf(`${name} part`, 32),
    }),
  );
  const file = said.file && [
    {
      fileTag: bytesOf(`${name} file`, 32),
      size: BigInt(said.file.body.length),
      mediaType: said.file.mediaType,
      name: said.file.name,
      chunkCount: 1,
      chunk: [{ index: 0, size: BigInt(said.file.body.length), body: said.file.body }],
    },
  ];
  const at = now - said.ago * MINUTE;
  const bound = {
    frankingTag: bytesOf(`${name} tag`, 32),
    senderUri: said.by === "accused" ? accused : `${HUB}/u/${said.by}`,
    roomUri: `${HUB}/r/645ab35d4a6ee29d`,
  };
  return create(EvidenceSchema, {
    ...bound,
    acceptedTimestamp: [BigInt(at)],
    frank: [stampOf(name, bound, at)],
    scheme: withheld.length > 0 || file ? 2 : 1,
    partCount: texts.length + withheld.length + (file ? 1 : 0),
    withheldPart: withheld,
    part,
    ...(file && { file }),
    reporterCount: 1,
  });
}

export function verdictOf(evidence: Evidence, verdict = Verdict.PROVEN) {
  const at = evidence.acceptedTimestamp[0] ?? 0n;
  return {
    verdict,
    frankingTag: evidence.frankingTag,
    senderUri: evidence.senderUri,
    roomUri: evidence.roomUri,
    acceptedTimestamp: at,
    form: 2,
    windowNotBefore: at - 86_400_000n * 20n,
    windowNotAfter: at + 86_400_000n * 70n,
    detail:
      verdict === Verdict.PROVEN
        ? "The platform stamped exactly this."
        : "The content is not what the platform stamped.",
  };
}

/** A case of which only what a list shows is known. */
export function listedCase(n: number, now: number): CaseSummary {
  const reason = REASONS[(n * 7) % REASONS.length] ?? REASONS[0];
  if (!reason) throw new Error("no reasons");
  const opened = now - ((n * 37) % 2880) * MINUTE;
  const proven = (n * 5) % 7;
  const forged = proven === 0 && n % 3 === 0;
  return create(CaseSummarySchema, {
    caseId: bytesOf(`case ${n.toString()}`, 16),
    accusedUri: `${HUB}/u/${["mallory", "trent", "oscar", "eve", "craig", "sybil"][n % 6] ?? ""}${n > 5 ? (n % 97).toString() : ""}`,
    policyArea: reason.policyArea,
    severity: reason.severity,
    reason: [reason.key],
    queue: reason.queue,
    openedAt: BigInt(opened),
    deadline: BigInt(opened) + reason.timeToDecide,
    state: CaseState.OPEN,
    reportCount: 1 + (n % 4),
    provenCount: proven,
    provenReporterCount: Math.min(proven, 1 + (n % 3)),
    proof:
      proven > 0
        ? ProofStatus.PROVEN
        : forged
          ? ProofStatus.FORGED
          : ProofStatus.UNPROVEN,
    exposure: reason.exposure,
    revision: 3n,
    reporterWeight: 500,
  });
}

export function reportOf(
  name: string,
  reporter: string,
  reason: string,
  note: string,
  evidence: Evidence[],
  verdict = Verdict.PROVEN,
  now = 0,
): CaseReport {
  return create(CaseReportSchema, {
    reportId: bytesOf(`${name} report`, 16),
    reporterUri: `${HUB}/u/${reporter}`,
    condition: ReportCondition.OPENED,
    reason,
    note,
    reportedAt: BigInt(now - 42 * MINUTE),
    acceptedAt: BigInt(now - 41 * MINUTE),
    taxonomyVersion: 1,
    message: evidence.map((piece) => verdictOf(piece, verdict)),
  });
}

const PICTURE =
  fromHex(
    "89504e470d0a1a0a0000000d4948445200000002000000020802000000fdd49a73000000164944415478da63f8cfc0f09f818101480201030003fe00ff2d5b5b9b0000000049454e44ae426082",
  ) ?? new Uint8Array();

/** The case that the story is about: a threat with a photo, and what led to it. */
export function threatCase(now: number): TownCase {
  const accused = `${HUB}/u/mallory`;
  const lines: Said[] = [
    { by: "bo", ago: 61, text: "Please stop writing to me. I have asked you before." },
    {
      by: "accused",
      ago: 58,
      text: "Everybody in this group has seen what you really are by now: a liar.",
    },
    {
      by: "accused",
      ago: 55,
      text: "I know when you walk home from the station. You should be afraid of the dark.",
      withheld: [1],
    },
    {
      by: "accused",
      ago: 47,
      text: "Look who I saw today.",
      file: { name: "station.png", mediaType: "image/png", body: PICTURE },
    },
    {
      by: "accused",
      ago: 44,
      text: "pay me or else \u202egpj.exe\u202c <img src=x onerror=alert(1)>\u200b\nlast chance",
    },
  ];
  const pieces = lines.map((said, i) =>
    evidenceOf(`threat ${i.toString()}`, said, accused, now),
  );
  const evidence = pieces.filter(({ senderUri }) => senderUri === accused);
  const context = pieces.filter(({ senderUri }) => senderUri !== accused);
  const forged = evidenceOf("forged", { by: "accused", ago: 50, text: "" }, accused, now);
  return {
    summary: create(CaseSummarySchema, {
      ...listedCase(0, now),
      caseId: bytesOf("threat", 16),
      accusedUri: accused,
      policyArea: "violence",
      severity: Severity.CRITICAL,
      reason: ["violence.threat", "harassment.targeted"],
      queue: "harm",
      exposure: ExposureCategory.TEXT,
      openedAt: BigInt(now - 41 * MINUTE),
      deadline: BigInt(now + 19 * MINUTE),
      reportCount: 2,
      provenCount: evidence.length,
      provenReporterCount: 2,
      unprovenCount: 1,
      forgedCount: 1,
      proof: ProofStatus.PROVEN,
      tag: [
        {
          $typeName: "frank.v1.CaseTag",
          name: "repeat",
          moderator: "ben",
          expiresAt: 0n,
        },
      ],
    }),
    reports: [
      reportOf(
        "one",
        "bo",
        "violence.threat",
        "He waits for me at the station. I am afraid.",
        pieces,
        Verdict.PROVEN,
        now,
      ),
      reportOf(
        "two",
        "carol",
        "harassment.targeted",
        "",
        [...evidence.slice(0, 1), forged],
        Verdict.PROVEN,
        now,
      ),
    ].map((report, i) => {
      const last = report.message.at(-1);
      if (i === 1 && last) Object.assign(last, verdictOf(forged, Verdict.BAD_OPENING));
      return report;
    }),
    evidence,
    context,
    decisions: [],
    notes: [
      {
        moderator: "ben",
        writtenAt: BigInt(now - 30 * MINUTE),
        text: "Had him last month for the same; see the strikes.",
      },
    ],
  };
}

export function plainCase(n: number, now: number): TownCase {
  const summary = listedCase(n, now);
  const texts = [
    "You won! Send 200 and your address to claim the parcel, today only.",
    "Nobody wants you here. Leave, or we will make you leave.",
    "I am from the bank. Read me the code that you were sent.",
  ];
  const evidence = Array.from({ length: summary.provenCount }, (_, i) =>
    evidenceOf(
      `plain ${n.toString()} ${i.toString()}`,
      { by: "accused", ago: 90 + 7 * i, text: texts[(n + i) % texts.length] ?? "" },
      summary.accusedUri,
      now,
    ),
  ).reverse();
  return {
    summary,
    reports: [
      reportOf(
        `plain ${n.toString()}`,
        "dora",
        summary.reason[0] ?? "",
        "",
        evidence,
        Verdict.PROVEN,
        now,
      ),
    ],
    evidence,
    context: [],
    decisions: [],
    notes: [],
  };
}

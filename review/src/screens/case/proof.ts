// What is proven, in words and as a record. Everything here is a pure function of
// what the service answered.
import {
  Verdict,
  type CaseReport,
  type GetCaseResponse,
  type MessageVerdict,
} from "#gen/frank/v1/review_pb";
import { toHex } from "../../api/ids";
import { VERDICT } from "../../api/words";
import { frankOf, frankRecord, recomputedWords } from "./frank";

const FORGED = new Set([Verdict.FORGED_FRANK, Verdict.BAD_OPENING]);

/** Of what was loaded; the messages of the accused, and those that give context. */
export interface ProofCount {
  proven: number;
  forged: number;
  unverifiable: number;
  /** Why not, each reason once. */
  unverifiableFor: string[];
  total: number;
  /** Proven messages of others. */
  context: number;
  /** What the answer had no room for. */
  leftOut: { messages: number; reports: number };
}

/** Reported messages, each once by its tag, with the best verdict that it got. */
export function distinctVerdicts(reports: readonly CaseReport[]): MessageVerdict[] {
  const best = new Map<string, MessageVerdict>();
  let unnamed = 0;
  for (const message of reports.flatMap((report) => report.message)) {
    const tag = toHex(message.frankingTag);
    const key =
      tag === ""
        ? `unnamed ${(unnamed++).toString()}`
        : `${tag} ${message.senderUri} ${message.roomUri}`;
    const before = best.get(key);
    if (!before || message.verdict > before.verdict) best.set(key, message);
  }
  return [...best.values()];
}

/** Who is not named may be the accused; what others wrote counts against nobody. */
export function countProof(
  reports: readonly CaseReport[],
  accused: string,
  leftOutReports = 0,
): ProofCount {
  const verdicts = distinctVerdicts(reports);
  const own = verdicts.filter(({ senderUri }) => ["", accused].includes(senderUri));
  const isProven = ({ verdict }: MessageVerdict) => verdict === Verdict.PROVEN;
  const proven = own.filter(isProven).length;
  const forged = own.filter(({ verdict }) => FORGED.has(verdict)).length;
  const messages = reports.reduce((sum, one) => sum + one.leftOutMessageCount, 0);
  return {
    proven,
    forged,
    unverifiable: own.length - proven - forged,
    unverifiableFor: [
      ...new Set(
        own
          .filter((one) => !isProven(one) && !FORGED.has(one.verdict))
          .map(({ verdict }) => VERDICT[verdict].replace(/^unverifiable: /, "")),
      ),
    ],
    total: own.length,
    context: verdicts.filter(isProven).length - proven,
    leftOut: { messages, reports: leftOutReports },
  };
}

function these(count: number, one: string, many: string): string {
  return `${count.toString()} ${count === 1 ? one : many}`;
}

/** What the strip says: no more than the checks showed. */
export function proofSentence({
  proven,
  forged,
  unverifiable,
  unverifiableFor,
  total,
  context,
  leftOut,
}: ProofCount): string {
  const isPart = leftOut.messages + leftOut.reports > 0;
  const parts = [
    `Of the accused, ${isPart ? "as far as loaded, " : ""}${proven.toString()} of ${these(total, "message", "messages")} proven` +
      (proven > 0
        ? ": the platform stamped exactly this content, from this sender, in this room"
        : ""),
  ];
  if (forged > 0) {
    parts.push(
      `${these(forged, "is", "are")} forged and ${forged === 1 ? "says" : "say"} nothing about the accused`,
    );
  }
  if (unverifiable > 0) {
    parts.push(
      `${these(unverifiable, "cannot", "cannot")} be verified: ${unverifiableFor.join(", or ")}`,
    );
  }
  if (context > 0) {
    parts.push(
      `${these(context, "message", "messages")} of others proven, for context alone`,
    );
  }
  if (isPart) {
    parts.push(
      `left out here: ${these(leftOut.messages, "check", "checks")} and ${these(leftOut.reports, "report", "reports")}`,
    );
  }
  if (total + context === 0 && !isPart) {
    return "No message was reported that could be checked.";
  }
  return `${parts.join("; ")}.`;
}

function frankRecordOf(shown: GetCaseResponse, message: MessageVerdict) {
  const frank = frankOf(shown, message);
  return frank && frankRecord(frank);
}

/** The checks as JSON, for whoever wants to keep or compare them. No content. */
export function proofJson(shown: GetCaseResponse): string {
  const record = {
    case_id: toHex(shown.caseSummary?.caseId ?? new Uint8Array()),
    accused_uri: shown.caseSummary?.accusedUri ?? "",
    left_out_report_count: shown.leftOutReportCount,
    reports: shown.report.map((report) => ({
      report_id: toHex(report.reportId),
      accepted_at: Number(report.acceptedAt),
      clear_mismatch: report.clearMismatch,
      left_out_message_count: report.leftOutMessageCount,
      messages: report.message.map((message) => ({
        recomputed: recomputedWords(message.verdict),
        frank: frankRecordOf(shown, message),
        verdict: Verdict[message.verdict],
        franking_tag: toHex(message.frankingTag),
        sender_uri: message.senderUri,
        room_uri: message.roomUri,
        accepted_timestamp: Number(message.acceptedTimestamp),
        form: message.form,
        window_not_before: Number(message.windowNotBefore),
        window_not_after: Number(message.windowNotAfter),
        detail: message.detail,
      })),
    })),
  };
  return JSON.stringify(record, null, 2);
}

export function verdictWords(verdict: Verdict): string {
  return VERDICT[verdict];
}

export function isForged(verdict: Verdict): boolean {
  return FORGED.has(verdict);
}

/** vec(x) of RFC 9420: the length in 1, 2 or 4 bytes, then x. */
function vector(bytes: Uint8Array): Uint8Array {
  const size = bytes.length;
  const head =
    size < 64
      ? [size]
      : size < 16384
        ? [0x40 | (size >> 8), size & 255]
        : [0x80 | (size >>> 24), (size >> 16) & 255, (size >> 8) & 255, size & 255];
  return new Uint8Array([...head, ...bytes]);
}

/** SHA-256 of the committed part, vec(media_type) || body (protocol section 3). */
export async function hashPart(mediaType: string, body: Uint8Array): Promise<string> {
  const type = vector(new TextEncoder().encode(mediaType));
  const part = new Uint8Array(type.length + body.length);
  part.set(type);
  part.set(body, type.length);
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", part)));
}

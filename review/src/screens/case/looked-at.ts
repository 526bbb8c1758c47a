// What somebody had looked at when they proposed, by the log. Pure.
import type {
  Evidence,
  GetCaseResponse,
  ListActsResponse_Act as Act,
} from "#gen/frank/v1/review_pb";
import { toHex } from "../../api/ids";
import { isText, isTextAlone } from "./arrived";

export interface LookedAt {
  texts: number;
  allTexts: number;
  pictures: number;
  allPictures: number;
  /** Whether reports have joined the case since. */
  joined: boolean;
}

interface Reveal {
  franking_tag: string;
  text_only: boolean;
  bodies: number;
}

const JOINS = new Set(["report.opened", "report.judged", "case.absorbed"]);

function hasText({ part }: Evidence): boolean {
  return part.some(({ mediaType }) => isText(mediaType));
}

/** Undefined: the log does not say that they proposed anything. */
export function lookedAt(
  acts: readonly Act[],
  shown: GetCaseResponse,
  moderator: string,
): LookedAt | undefined {
  const actor = `moderator:${moderator}`;
  const proposed = acts.findLast(
    (one) => one.act === "decision.proposed" && one.actor === actor,
  );
  if (!proposed) return undefined;
  const reveals = acts
    .filter((one) => one.act === "evidence.revealed" && one.actor === actor)
    .filter(({ number }) => number < proposed.number)
    .map(({ details }) => JSON.parse(details) as Reveal)
    .filter(({ bodies }) => bodies > 0);
  const read = new Set(reveals.map((one) => one.franking_tag));
  const opened = new Set(
    reveals.filter((one) => !one.text_only).map((one) => one.franking_tag),
  );
  const pieces = [...shown.evidence, ...shown.context];
  const countIn = (seen: ReadonlySet<string>, list: Evidence[]) =>
    list.filter(({ frankingTag }) => seen.has(toHex(frankingTag))).length;
  const texts = pieces.filter(hasText);
  const pictures = pieces.filter((piece) => !isTextAlone(piece));
  return {
    texts: countIn(read, texts),
    allTexts: texts.length,
    pictures: countIn(opened, pictures),
    allPictures: pictures.length,
    joined: acts.some(({ act, number }) => number > proposed.number && JOINS.has(act)),
  };
}

/** "anna read 3 of 3 messages and opened none of 1 with pictures or files; …" */
export function lookedAtWords(moderator: string, seen: LookedAt): string {
  const of = (part: number, whole: number) =>
    `${part === 0 ? "none" : part.toString()} of ${whole.toString()}`;
  const { texts, allTexts, pictures, allPictures, joined } = seen;
  const looks = [
    allTexts > 0 &&
      `read ${of(texts, allTexts)} ${allTexts === 1 ? "message" : "messages"}`,
    allPictures > 0 && `opened ${of(pictures, allPictures)} with pictures or files`,
  ].filter((one): one is string => one !== false);
  const what = looks.join(" and ") || "had no content to look at";
  return `${moderator} ${what}; ${
    joined ? "reports have joined since." : "nothing has joined since."
  }`;
}

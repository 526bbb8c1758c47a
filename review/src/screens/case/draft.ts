// A decision as somebody is about to make it. Pure; the rules are the service's.
import type { MessageInitShape } from "@bufbuild/protobuf";
import { ActionKind, type ActionSchema } from "#gen/frank/v1/decision_pb";
import { unsent } from "../../app/unsent";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export interface Draft {
  actions: readonly ActionKind[];
  /** 0: until further notice. */
  suspendMs: number;
  limitMs: number;
  messagesAnHour: number;
  policy: string;
  reason: string;
  rationale: string;
}

export const EMPTY: Draft = {
  actions: [],
  suspendMs: 7 * DAY,
  limitMs: 7 * DAY,
  messagesAnHour: 20,
  policy: "",
  reason: "",
  rationale: "",
};

export const LENGTHS: readonly [ms: number, words: string][] = [
  [DAY, "1 day"],
  [3 * DAY, "3 days"],
  [7 * DAY, "7 days"],
  [30 * DAY, "30 days"],
  [90 * DAY, "90 days"],
  [0, "until further notice"],
];

/** In the order of their number keys. */
export const ACTIONS: readonly ActionKind[] = [
  ActionKind.NONE,
  ActionKind.WARN,
  ActionKind.LIMIT,
  ActionKind.SUSPEND,
  ActionKind.RESTORE,
  ActionKind.ASK_REPORTER,
  ActionKind.REFER,
  ActionKind.DELETE_EVIDENCE,
];

const ALONE = new Set([ActionKind.NONE, ActionKind.ASK_REPORTER]);

function excludes(a: ActionKind, b: ActionKind): boolean {
  if (ALONE.has(a) || ALONE.has(b)) return true;
  const pair = new Set([a, b]);
  return pair.has(ActionKind.DELETE_EVIDENCE) && pair.has(ActionKind.REFER);
}

/** Chooses or drops an action; what cannot stand beside it goes. */
export function toggleAction(
  actions: readonly ActionKind[],
  kind: ActionKind,
): ActionKind[] {
  if (actions.includes(kind)) return actions.filter((other) => other !== kind);
  return [...actions.filter((other) => !excludes(kind, other)), kind];
}

/** Whether the decision does something to the account or its evidence. */
export function isActing(actions: readonly ActionKind[]): boolean {
  return actions.length > 0 && !actions.some((kind) => ALONE.has(kind));
}

export function actionsOf(
  draft: Draft,
  now: number,
): MessageInitShape<typeof ActionSchema>[] {
  const until = (length: number) => (length === 0 ? 0n : BigInt(now + length));
  return draft.actions.map((kind) => {
    if (kind === ActionKind.SUSPEND) return { kind, until: until(draft.suspendMs) };
    if (kind === ActionKind.LIMIT) {
      return { kind, until: until(draft.limitMs), messagesAnHour: draft.messagesAnHour };
    }
    return { kind };
  });
}

/** What is missing before it can be sent, as a person would say it. */
export function missingOf(draft: Draft): string[] {
  return [
    draft.actions.length === 0 && "choose what to do",
    draft.policy === "" && "name a policy",
    draft.reason === "" && "give a reason",
    draft.rationale.trim() === "" && "say why",
  ].filter((missing): missing is string => missing !== false);
}

// Kept for whoever wrote it alone: another may sign in at the same page.
const keyOf = (moderator: string, caseId: string) => `draft ${caseId} ${moderator}`;

export function keptDraft(moderator: string, caseId: string): Draft {
  return (unsent.get(keyOf(moderator, caseId)) as Draft | undefined) ?? EMPTY;
}

export function keepDraft(
  moderator: string,
  caseId: string,
  draft: Draft | undefined,
): void {
  if (draft) unsent.set(keyOf(moderator, caseId), draft);
  else unsent.delete(keyOf(moderator, caseId));
}

// Routing rules in words, and as a form edits them.
import { create } from "@bufbuild/protobuf";
import {
  RoutingRuleSchema,
  type DryRunRoutingResponse,
  type RoutedPair,
  type RoutingRule,
} from "#gen/frank/v1/configuration_pb";
import { Severity } from "#gen/frank/v1/review_pb";
import { toHex } from "../../api/ids";
import { PROOF, SEVERITY } from "../../api/words";

/** What a rule asks of a case; nothing: every case. */
export function conditionsInWords(
  rule: RoutingRule,
  titleOf: (reason: string) => string,
): string[] {
  const { minSeverity, minPriorActions, maxReporterWeight } = rule;
  const oneOf = (words: string[]) => words.join(" or ");
  return [
    rule.reason.length > 0 && `reported as ${oneOf(rule.reason.map(titleOf))}`,
    rule.policyArea.length > 0 && `of the area ${oneOf(rule.policyArea)}`,
    rule.proof.length > 0 && oneOf(rule.proof.map((proof) => PROOF[proof])),
    minSeverity !== Severity.UNSPECIFIED &&
      `of severity ${SEVERITY[minSeverity]} or above`,
    rule.language.length > 0 && `written in ${oneOf(rule.language)}`,
    minPriorActions > 0 && `acted on before, ${minPriorActions.toString()} times or more`,
    maxReporterWeight > 0 &&
      `by reporters of weight ${maxReporterWeight.toString()} ‰ at most`,
  ].filter((words) => words !== false);
}

/** Words that are separated by commas or spaces. */
export function parseList(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

export function newRule(queue: string): RoutingRule {
  return create(RoutingRuleSchema, { queue });
}

/** Puts a rule one place earlier or later. */
export function moved<T>(list: readonly T[], from: number, by: -1 | 1): T[] {
  const next = [...list];
  const [item] = next.splice(from, 1);
  if (item !== undefined) next.splice(Math.max(0, from + by), 0, item);
  return next;
}

export interface DryRun {
  pairs: RoutedPair[];
  caseCount: number;
}

const MOST_EXAMPLES = 20;

/** Adds up what each page says of its own cases; what moves comes first. */
export function addPages(pages: readonly DryRunRoutingResponse[]): DryRun {
  const pairs = new Map<string, RoutedPair>();
  for (const pair of pages.flatMap(({ routedPair }) => routedPair)) {
    const key = `${pair.queueNow} ${pair.queueProposed}`;
    const before = pairs.get(key);
    const examples = [...(before?.exampleCaseId ?? []), ...pair.exampleCaseId];
    pairs.set(key, {
      ...pair,
      caseCount: pair.caseCount + (before?.caseCount ?? 0),
      exampleCaseId: examples.slice(0, MOST_EXAMPLES),
    });
  }
  const moves = (pair: RoutedPair) => (pair.queueNow === pair.queueProposed ? 0 : 1);
  return {
    pairs: [...pairs.values()].sort(
      (a, b) => moves(b) - moves(a) || b.caseCount - a.caseCount,
    ),
    caseCount: pages.reduce((sum, { caseCount }) => sum + caseCount, 0),
  };
}

export function exampleIds({ exampleCaseId }: RoutedPair): string[] {
  return exampleCaseId.map(toHex);
}

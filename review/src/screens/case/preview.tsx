import { useQuery } from "@tanstack/react-query";
import {
  ActionKind,
  type ApprovalCause,
  type LadderStep,
} from "#gen/frank/v1/decision_pb";
import type { EnforcementState } from "#gen/frank/v1/enforcement_pb";
import { NoticeKind } from "#gen/frank/v1/message_pb";
import { useClients } from "../../api/clients";
import { now } from "../../api/clock";
import { fromHex } from "../../api/ids";
import { ACTION, APPROVAL_CAUSE, NOTICE, OUTCOME } from "../../api/words";
import { Asked } from "../../parts/asked";
import { ProblemNote } from "../../parts/problem-note";
import { duration, moment, ms } from "../../parts/time";
import { actionsOf, type Draft } from "./draft";

export function ladderWords(step: LadderStep, lifetimeMs: number): string {
  const count = `${step.strikeCount.toString()} ${step.strikeCount === 1 ? "strike" : "strikes"} in ${duration(lifetimeMs)}`;
  if (step.kind === ActionKind.UNSPECIFIED) return `${count}; nothing follows by itself`;
  if (step.kind === ActionKind.WARN) return `${count}, by itself: ${ACTION[step.kind]}`;
  const length =
    step.durationMs > 0n
      ? ` for ${duration(ms(step.durationMs))}`
      : " until further notice";
  const rate =
    step.messagesAnHour > 0
      ? ` to ${step.messagesAnHour.toString()} messages an hour`
      : "";
  return `${count}, by itself: ${ACTION[step.kind]}${rate}${length}`;
}

export function usePreview(ids: readonly string[], draft: Draft) {
  const { decisions } = useClients();
  const { policy, reason } = draft;
  const actions = { ...draft, rationale: "" };
  return useQuery({
    queryKey: ["preview", ids, JSON.stringify(actions)],
    queryFn: ({ signal }) =>
      decisions.previewDecision(
        {
          caseId: ids.map((id) => fromHex(id) ?? new Uint8Array()),
          policy,
          reason,
          action: actionsOf(draft, now()),
        },
        { signal },
      ),
    enabled: draft.actions.length > 0 && policy !== "" && reason !== "",
    gcTime: 10_000,
  });
}

/** How an account stands: "suspended until 4 Dec 2026 21:00". */
export function accountWords({ account }: { account?: EnforcementState }): string {
  if (!account) return "";
  const parts: string[] = [];
  if (account.suspended) {
    parts.push(
      account.suspendedUntil > 0n
        ? `suspended until ${moment(ms(account.suspendedUntil))}`
        : "suspended until further notice",
    );
  }
  if (account.messagesAnHour > 0) {
    const end =
      account.limitedUntil > 0n ? ` until ${moment(ms(account.limitedUntil))}` : "";
    parts.push(`limited to ${account.messagesAnHour.toString()} messages an hour${end}`);
  }
  return parts.join(", ") || "free to send";
}

/** What the account learns, which is never who reported it. */
export function toldWords(notice: NoticeKind): string {
  if (notice === NoticeKind.UNSPECIFIED) return NOTICE[notice];
  return `${NOTICE[notice]}, under which policy, and that it may appeal`;
}

/** That, and why, somebody else must agree; nothing where nobody need. */
export function SecondPerson({ causes }: { causes: readonly ApprovalCause[] }) {
  if (causes.length === 0) return null;
  return (
    <p className="second-person">
      <strong>Needs a second person:</strong>{" "}
      {causes.map((cause) => APPROVAL_CAUSE[cause]).join("; ")}.
    </p>
  );
}

/** What a decision would do, before it is made. */
export function Preview({ ids, draft }: { ids: readonly string[]; draft: Draft }) {
  const query = usePreview(ids, draft);
  const { data, isEnabled } = query;
  if (!isEnabled) return null;
  if (!data) return <Asked query={query} what="Working out what this would do" />;
  const wait = ms(data.leastWaitMs);
  return (
    <section className="preview" aria-label="What this would do">
      <dl>
        <dt>Strikes</dt>
        <dd>
          {data.ladderStep
            ? ladderWords(data.ladderStep, ms(data.strikeLifetimeMs))
            : "none added"}
        </dd>
        <dt>Account then</dt>
        <dd>{accountWords(data)}</dd>
        <dt>The account is told</dt>
        <dd>{toldWords(data.account?.notice ?? NoticeKind.UNSPECIFIED)}</dd>
        <dt>Reporters are told</dt>
        <dd>
          {data.told.map(({ outcome, count }) => (
            <div key={outcome}>
              {count} {count === 1 ? "reporter" : "reporters"}: {OUTCOME[outcome]}
            </div>
          ))}
        </dd>
        <dt>Takes effect</dt>
        <dd>
          {data.approvalCause.length > 0
            ? "once a second person approves, and then "
            : ""}
          after {duration(wait)}; until then it can be undone
        </dd>
      </dl>
      <ProblemNote error={query.error} />
    </section>
  );
}

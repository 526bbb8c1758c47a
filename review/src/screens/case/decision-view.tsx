import type { Decision } from "#gen/frank/v1/decision_pb";
import { ActionKind, DecisionEventKind, DecisionState } from "#gen/frank/v1/decision_pb";
import { NoticeKind } from "#gen/frank/v1/message_pb";
import { usePolicies } from "../../api/tables";
import { ACTION, APPROVAL_CAUSE, DECISION_STATE, OUTCOME } from "../../api/words";
import { Badge } from "../../parts/badge";
import { duration, Moment, moment, ms } from "../../parts/time";
import { UntrustedText } from "../../parts/untrusted-text";
import { ladderWords, toldWords } from "./preview";

const EVENT: Record<DecisionEventKind, string> = {
  [DecisionEventKind.UNSPECIFIED]: "changed",
  [DecisionEventKind.APPROVED]: "approved",
  [DecisionEventKind.REFUSED]: "refused",
  [DecisionEventKind.WITHDRAWN]: "withdrawn",
  [DecisionEventKind.UNDONE]: "undone",
  [DecisionEventKind.REVERSED]: "reversed",
  [DecisionEventKind.APPEALED]: "appealed by the account",
  [DecisionEventKind.APPEAL_UPHELD]: "appeal refused: the decision stands",
  [DecisionEventKind.APPEAL_OVERTURNED]: "appeal granted: the decision is reversed",
};

/** "suspend until 4 Dec 2026 21:00", "limit to 20 messages an hour". */
export function actionWords(action: Decision["action"][number]): string {
  const name = ACTION[action.kind];
  const rate =
    action.messagesAnHour > 0
      ? ` to ${action.messagesAnHour.toString()} messages an hour`
      : "";
  const timed = action.kind === ActionKind.SUSPEND || action.kind === ActionKind.LIMIT;
  if (!timed) return name;
  const end =
    action.until > 0n ? ` until ${moment(ms(action.until))}` : " until further notice";
  return name + rate + end;
}

/** In the others nothing was told, or something else was told since. */
const TELLS = new Set([DecisionState.PROPOSED, DecisionState.MADE]);

/** By the service's order: the notice of a decision names its hardest act. */
const NOTICES: readonly [ActionKind, NoticeKind][] = [
  [ActionKind.SUSPEND, NoticeKind.SUSPENDED],
  [ActionKind.LIMIT, NoticeKind.LIMITED],
  [ActionKind.RESTORE, NoticeKind.RESTORED],
  [ActionKind.WARN, NoticeKind.WARNED],
];

/** What the account is told of a decision, what follows by itself included. */
export function noticeOf({ action, ladderStep }: Decision): NoticeKind {
  const kinds = new Set(action.map(({ kind }) => kind));
  if (ladderStep) kinds.add(ladderStep.kind);
  const notice = NOTICES.find(([kind]) => kinds.has(kind));
  return notice?.[1] ?? NoticeKind.UNSPECIFIED;
}

/** A decision with its grounds and what became of it. */
export function DecisionView({ decision }: { decision: Decision }) {
  const policies = usePolicies(decision.policyVersion).data;
  const policy = policies?.policy.find((p) => p.policy === decision.policy);
  const reasons = [
    ...(policies?.actionReason ?? []),
    ...(policies?.noActionReason ?? []),
  ];
  const reason = reasons.find((r) => r.reason === decision.reason);
  return (
    <article className="decision">
      <div className="row">
        <strong>{decision.action.map(actionWords).join("; ")}</strong>
        <Badge>{DECISION_STATE[decision.state]}</Badge>
      </div>
      <p className="faint">
        {decision.moderator}, <Moment at={decision.decidedAt} />
      </p>
      <dl>
        <dt>Policy</dt>
        <dd>
          {policy?.title ?? decision.policy} <code>{decision.policy}</code>
        </dd>
        <dt>Reason</dt>
        <dd>{reason?.title ?? decision.reason}</dd>
        <dt>Why</dt>
        <dd>
          <UntrustedText text={decision.rationale} />
        </dd>
        {decision.ladderStep && (
          <>
            <dt>Strikes</dt>
            <dd>
              {ladderWords(decision.ladderStep, ms(policies?.strikeLifetimeMs ?? 0n))}
            </dd>
          </>
        )}
        {TELLS.has(decision.state) && (
          <>
            <dt>The account is told</dt>
            <dd>{toldWords(noticeOf(decision))}</dd>
          </>
        )}
        <dt>Reporters are told</dt>
        <dd>{OUTCOME[decision.outcome]}</dd>
        {decision.approvalCause.length > 0 && (
          <>
            <dt>Second person</dt>
            <dd>
              {decision.approvalCause.map((cause) => APPROVAL_CAUSE[cause]).join("; ")}
            </dd>
          </>
        )}
      </dl>
      {decision.event.length > 0 && (
        <ol className="events">
          {decision.event.map((event, i) => (
            <li key={i}>
              <strong>{EVENT[event.kind]}</strong>
              {event.moderator && ` by ${event.moderator}`},{" "}
              <Moment at={event.happenedAt} />
              {event.reason && <UntrustedText text={event.reason} />}
            </li>
          ))}
        </ol>
      )}
    </article>
  );
}

/** Since when something waits: "for 3 h". */
export function waitsFor(since: bigint, now: number): string {
  return `for ${duration(Math.max(0, now - ms(since)))}`;
}

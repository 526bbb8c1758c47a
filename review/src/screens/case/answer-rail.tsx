// The second person's rails: what somebody proposed, and what an account appeals.
import {
  useMutation,
  useQueryClient,
  type UseMutationResult,
} from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { Decision } from "#gen/frank/v1/decision_pb";
import { AppealOutcome } from "#gen/frank/v1/message_pb";
import { useClients } from "../../api/clients";
import { fromHex, newId, toHex } from "../../api/ids";
import { problemOf } from "../../api/problems";
import { useSelf } from "../../api/self";
import { announce } from "../../app/announce";
import { can } from "../../app/capabilities";
import { useCommands } from "../../app/keys";
import { Button } from "../../parts/button";
import { Field, fieldError } from "../../parts/field";
import { LongText } from "../../parts/long-text";
import { ProblemNote } from "../../parts/problem-note";
import { rememberDecision } from "../../app/recent";
import { DecisionView } from "./decision-view";
import { TakeBack } from "./take-back";
import { FirstLook } from "./first-look";
import { caseKey, useReloadWhenStale, useRevisions } from "./use-case";

type Answer = "yes" | "no";

interface AnswerFormProps {
  group: string;
  yes: string;
  no: string;
  hint: string;
  /** Whether a yes needs words as well. */
  needsWords: boolean;
  /** What was not looked at before, as a person would say it. */
  unseen: string[];
  /** Whether what a yes rests on is still being loaded. */
  waits?: boolean;
  send: UseMutationResult<unknown, unknown, { answer: Answer; reason: string }>;
}

/** What is about to be sent; one key chooses, and another one sends. */
function Confirm(props: {
  group: string;
  words: string;
  unseen: string[];
  busy: boolean;
  onSend: () => void;
  onLeave: () => void;
}) {
  const { group, words, unseen, busy, onSend, onLeave } = props;
  const label = `Send: ${words}`;
  useCommands([{ label, keys: "Ctrl+Enter", group, within: ".rail", run: onSend }]);
  return (
    <div className="notice confirm" role="alert">
      {unseen.map((one) => (
        <p key={one}>{one}</p>
      ))}
      <div className="row">
        <Button kind="primary" shortcut="Ctrl+Enter" busy={busy} onClick={onSend}>
          {label}
        </Button>
        <Button onClick={onLeave}>Not yet</Button>
      </div>
    </div>
  );
}

/** Yes on 1, no on 2, and why; then what was not looked at, and whether to send it. */
function AnswerForm(props: AnswerFormProps) {
  const { group, yes, no, hint, needsWords, unseen, waits = false, send } = props;
  const [chosen, setChosen] = useState<Answer>();
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const give = (answer: Answer) => {
    const lacks = (answer === "no" || needsWords) && reason.trim() === "";
    setMissing(lacks);
    if (lacks) field.current?.focus();
    setChosen(lacks ? undefined : answer);
  };
  const busy = send.isPending || (chosen === "yes" && waits);
  const sendChosen = () => {
    const answer = chosen;
    if (answer && !busy) send.mutate({ answer, reason: reason.trim() });
  };
  useCommands([
    { label: yes, keys: "1", group, run: () => give("yes") },
    { label: no, keys: "2", group, run: () => give("no") },
    { label: "Say why", keys: "w", group, run: () => field.current?.focus() },
  ]);
  return (
    <div className="rail-form">
      <Field
        label="Why"
        hint={hint}
        error={
          missing
            ? "Say why first."
            : send.error
              ? fieldError(problemOf(send.error), "reason")
              : undefined
        }
      >
        {(ids) => (
          <LongText
            {...ids}
            ref={field}
            value={reason}
            onChange={(text) => {
              setReason(text);
              setChosen(undefined);
            }}
          />
        )}
      </Field>
      <ProblemNote error={send.error} />
      {chosen && (
        <Confirm
          words={chosen === "yes" ? yes : no}
          {...{ group, unseen, busy }}
          onSend={sendChosen}
          onLeave={() => setChosen(undefined)}
        />
      )}
      <div className="submit">
        <Button
          kind="primary"
          shortcut="1"
          busy={send.isPending}
          onClick={() => give("yes")}
        >
          {yes}
        </Button>
        <Button
          kind="danger"
          shortcut="2"
          busy={send.isPending}
          onClick={() => give("no")}
        >
          {no}
        </Button>
      </div>
    </div>
  );
}

interface ApprovalRailProps {
  id: string;
  decision: Decision;
  seenRevision: bigint;
  unseen: string[];
}

/** What the first person wants to do, for the second. */
export function ApprovalRail({ id, decision, seenRevision, unseen }: ApprovalRailProps) {
  const self = useSelf();
  const { decisions } = useClients();
  const queries = useQueryClient();
  const { decisionId } = decision;
  const [actId] = useState(newId);
  const cases = decision.caseId.map(toHex);
  const others = cases.filter((other) => other !== id);
  const revisions = useRevisions(others);
  const send = useMutation({
    mutationFn: async ({ answer, reason }: { answer: Answer; reason: string }) => {
      const answered =
        answer === "yes"
          ? await decisions.approveDecision({
              decisionId,
              actId,
              seenRevision: cases.map((one) => revisions?.get(one) ?? seenRevision),
            })
          : await decisions.refuseDecision({ decisionId, actId, reason });
      return answered.decision;
    },
    onSuccess: (after, { answer }) => {
      announce(answer === "yes" ? "Approved." : "Refused; the case is open again.");
      if (answer === "yes" && after) rememberDecision(self.id, after);
      void queries.invalidateQueries({ queryKey: caseKey(id) });
      void queries.invalidateQueries({ queryKey: ["approvals"] });
    },
    onError: useReloadWhenStale(id),
  });
  const isOwn = decision.moderator === self.id;
  return (
    <>
      <h2>Waits for a second person</h2>
      <DecisionView decision={decision} />
      <FirstLook decision={decision} />
      {isOwn && <p className="notice">You proposed this; somebody else must answer.</p>}
      <TakeBack decision={decision} />
      {!isOwn && can(self, "approve") && (
        <AnswerForm
          group="Second person"
          yes="Approve"
          no="Refuse"
          hint="Needed to refuse: whoever takes the case next reads it."
          needsWords={false}
          waits={revisions === undefined}
          unseen={[
            ...unseen,
            ...others.map((other) => `It decides case ${other.slice(0, 8)} as well.`),
          ]}
          send={send}
        />
      )}
      {!isOwn && !can(self, "approve") && <p className="hint">A senior must answer.</p>}
    </>
  );
}

interface AppealRailProps {
  id: string;
  epoch: bigint;
  seenRevision: bigint;
  unseen: string[];
  decision: Decision;
}

/** What is appealed against, and the answer to it. */
export function AppealRail(props: AppealRailProps) {
  const { id, epoch, seenRevision, unseen, decision } = props;
  const { decisions } = useClients();
  const queries = useQueryClient();
  const [actId] = useState(newId);
  const send = useMutation({
    mutationFn: ({ answer, reason }: { answer: Answer; reason: string }) =>
      decisions.decideAppeal({
        heldCase: { caseId: fromHex(id) ?? new Uint8Array(), epoch, seenRevision },
        actId,
        outcome: answer === "yes" ? AppealOutcome.REJECTED : AppealOutcome.GRANTED,
        reason,
      }),
    onSuccess: (_, { answer }) => {
      announce(answer === "yes" ? "The decision stands." : "The decision is reversed.");
      void queries.invalidateQueries({ queryKey: caseKey(id) });
      void queries.invalidateQueries({ queryKey: ["appeals"] });
    },
    onError: useReloadWhenStale(id),
  });
  return (
    <>
      <h2>Appealed against</h2>
      <DecisionView decision={decision} />
      <AnswerForm
        group="Appeal"
        yes="The decision stands"
        no="Reverse the decision"
        hint="For other moderators. The account is told how it ended, not why."
        needsWords
        unseen={unseen}
        send={send}
      />
    </>
  );
}

// The right side: what can be done with the case as it stands.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { DecisionState, type Decision } from "#gen/frank/v1/decision_pb";
import { CaseState, type GetCaseResponse } from "#gen/frank/v1/review_pb";
import { useClients } from "../../api/clients";
import { newId, shortId, toHex } from "../../api/ids";
import { now } from "../../api/clock";
import { useSelf } from "../../api/self";
import { announce } from "../../app/announce";
import { can } from "../../app/capabilities";
import { useCommands } from "../../app/keys";
import { href } from "../../app/router";
import { Button } from "../../parts/button";
import { Field } from "../../parts/field";
import { LongText } from "../../parts/long-text";
import { ProblemNote } from "../../parts/problem-note";
import { Moment, ms, useIsPast } from "../../parts/time";
import { UntrustedText } from "../../parts/untrusted-text";
import { filterOf } from "../queue/case-filter";
import { useClaimNext, type NextFrom } from "../queue/claim-next";
import { NextOutcome } from "../queue/next-outcome";
import { lastView } from "../queue/views";
import { shownWithClaim } from "./arrived";
import { AppealRail, ApprovalRail } from "./answer-rail";
import { DecideRail } from "./decide-rail";
import { DecisionView } from "./decision-view";
import { TakeBack } from "./take-back";
import { useKeepTogether } from "./together";
import { useTakeAnswer, type LeaseState } from "./use-case";

/** Takes this case, or says who has it. */
function ClaimPanel({ shown, lease }: { shown: GetCaseResponse; lease: LeaseState }) {
  const self = useSelf();
  const { review } = useClients();
  const takeAnswer = useTakeAnswer();
  const caseId = shown.caseSummary?.caseId ?? new Uint8Array();
  const claim = useMutation({
    mutationFn: () => review.claimCase({ caseId, ...shownWithClaim() }),
    onSuccess: (answer) => {
      takeAnswer(toHex(caseId), answer.shown);
      if (answer.outcome.case === "held") {
        announce(`${answer.outcome.value.holder} was faster and holds it.`, true);
      } else announce("The case is yours.");
    },
  });
  const run = () => {
    if (!claim.isPending) claim.mutate();
  };
  const offers = can(self, "workOnCases") && !lease.holder;
  useCommands(
    offers ? [{ label: "Claim this case", keys: "c", group: "Case", run }] : [],
  );
  return (
    <div className="rail-form">
      {lease.lapsed && (
        <p className="problem" role="alert">
          Your lease has ended and the case went back. What you wrote is kept; claim it
          again to go on.
        </p>
      )}
      {lease.holder && (
        <p className="notice">
          <strong>{lease.holder}</strong> holds this case. You can read what is not
          content.
        </p>
      )}
      {offers && (
        <Button kind="primary" shortcut="c" busy={claim.isPending} onClick={run}>
          Claim this case
        </Button>
      )}
      <ProblemNote error={claim.error} />
    </div>
  );
}

function WakePanel({ shown }: { shown: GetCaseResponse }) {
  const { queues } = useClients();
  const takeAnswer = useTakeAnswer();
  const caseId = shown.caseSummary?.caseId ?? new Uint8Array();
  const wake = useMutation({
    mutationFn: () => queues.wakeCase({ caseId }),
    onSuccess: () => takeAnswer(toHex(caseId), undefined),
  });
  return (
    <div className="rail-form">
      <p>
        On hold until <Moment at={shown.caseSummary?.holdUntil ?? 0n} />
      </p>
      {shown.holdReason && <UntrustedText text={shown.holdReason} />}
      <Button busy={wake.isPending} onClick={() => wake.mutate()}>
        Bring it back now
      </Button>
      <ProblemNote error={wake.error} />
    </div>
  );
}

/** Takes back what a decision did, once it has had effect. */
function Reverse({ decision }: { decision: Decision }) {
  const { decisions } = useClients();
  const takeAnswer = useTakeAnswer();
  const [reason, setReason] = useState("");
  const [actId] = useState(newId);
  const hadEffect = useIsPast(ms(decision.effectsDueAt));
  const reverse = useMutation({
    mutationFn: () =>
      decisions.reverseDecision({
        decisionId: decision.decisionId,
        actId,
        reason: reason.trim(),
      }),
    onSuccess: () => {
      for (const caseId of decision.caseId) takeAnswer(toHex(caseId), undefined);
    },
  });
  if (decision.state !== DecisionState.MADE || !hadEffect) return null;
  return (
    <details className="reverse">
      <summary>Reverse this decision</summary>
      <div className="rail-form">
        <Field
          label="Why"
          hint="Account and reporters are told of it. Somebody else than who decided, or a senior."
        >
          {(ids) => <LongText {...ids} value={reason} onChange={setReason} />}
        </Field>
        <ProblemNote error={reverse.error} />
        <Button
          kind="danger"
          busy={reverse.isPending}
          aria-disabled={reason.trim() === ""}
          onClick={() => {
            if (reason.trim()) reverse.mutate();
          }}
        >
          Reverse
        </Button>
      </div>
    </details>
  );
}

function Decisions({ list, canReverse }: { list: Decision[]; canReverse: boolean }) {
  return [...list].reverse().map((decision) => (
    <div key={toHex(decision.decisionId)}>
      <DecisionView decision={decision} />
      <TakeBack decision={decision} />
      {canReverse && <Reverse decision={decision} />}
    </div>
  ));
}

interface RailProps {
  id: string;
  shown: GetCaseResponse;
  /** Decisions with their words, as far as they were revealed. */
  decisions: Decision[];
  lease: LeaseState;
  seenRevision: bigint;
  /** What of it was not looked at. */
  unseen: string[];
}

type Next = ReturnType<typeof useClaimNext>;

function StateRail(props: RailProps & { next: Next; from: NextFrom }) {
  const { id, shown, decisions, lease, seenRevision, unseen, next, from } = props;
  const state = shown.caseSummary?.state ?? CaseState.UNSPECIFIED;
  const { epoch } = lease;
  const proposed = decisions.find((d) => d.state === DecisionState.PROPOSED);
  const made = decisions.findLast((d) => d.state === DecisionState.MADE);
  if (state === CaseState.AWAITING_APPROVAL && proposed) {
    return <ApprovalRail {...{ id, seenRevision, unseen }} decision={proposed} />;
  }
  if (state === CaseState.APPEALED && made) {
    if (lease.mine)
      return <AppealRail {...{ id, epoch, seenRevision, unseen }} decision={made} />;
    return (
      <>
        <ClaimPanel shown={shown} lease={lease} />
        <DecisionView decision={made} />
      </>
    );
  }
  if (lease.mine)
    return <DecideRail {...{ id, epoch, seenRevision, next, from, unseen }} />;
  if (state === CaseState.OPEN) return <ClaimPanel shown={shown} lease={lease} />;
  if (state === CaseState.ON_HOLD) {
    return (
      <>
        <WakePanel shown={shown} />
        <ClaimPanel shown={shown} lease={lease} />
      </>
    );
  }
  const into = shown.caseSummary?.duplicateOf;
  if (state === CaseState.DUPLICATE && into) {
    return (
      <p>
        Closed into <a href={href("case", toHex(into))}>case {shortId(into)}</a>, which is
        decided for both.
      </p>
    );
  }
  return null;
}

export function Rail(props: RailProps) {
  const self = useSelf();
  const { state, lease } = props.shown.caseSummary ?? {};
  useKeepTogether(props.id, lease?.expiresAt ?? 0n);
  const answering = state === CaseState.AWAITING_APPROVAL || state === CaseState.APPEALED;
  // What is next is asked for from here: the form goes with the decision that it sent.
  const from = filterOf(lastView(self.id), 0);
  const next = useClaimNext(() => filterOf(lastView(self.id), now()));
  return (
    <section className="rail" aria-label="Decision">
      <NextOutcome next={next} />
      <StateRail {...props} {...{ next, from }} />
      {!answering && props.decisions.length > 0 && (
        <>
          <h2>Decided before</h2>
          <Decisions list={props.decisions} canReverse={can(self, "workOnCases")} />
        </>
      )}
    </section>
  );
}

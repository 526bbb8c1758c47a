// Taking back what one decided or proposed, where the decision stands: the bar of
// the last decision goes with the page, and the time to undo does not.
import { useState } from "react";
import {
  DecisionEventKind,
  DecisionState,
  type Decision,
} from "#gen/frank/v1/decision_pb";
import type { Moderator } from "#gen/frank/v1/moderators_pb";
import { newId } from "../../api/ids";
import { useSelf } from "../../api/self";
import { can } from "../../app/capabilities";
import { useTakeBack } from "../../app/recent";
import { Button } from "../../parts/button";
import { ProblemNote } from "../../parts/problem-note";
import { countdown, ms, useIsPast, useNow } from "../../parts/time";

/** Who decided or approved, or a senior; a proposal who made it. The service decides. */
function mayTakeBack(self: Moderator, decision: Decision): boolean {
  if (decision.moderator === self.id) return true;
  if (decision.state === DecisionState.PROPOSED) return false;
  return (
    can(self, "approve") ||
    decision.event.some(
      ({ kind, moderator }) =>
        kind === DecisionEventKind.APPROVED && moderator === self.id,
    )
  );
}

function Left({ endsAt }: { endsAt: number }) {
  return <span className="clock">{countdown(endsAt - useNow())}</span>;
}

/** Undoes a decision while its effects wait, or withdraws a proposal; else nothing. */
export function TakeBack({ decision }: { decision: Decision }) {
  const self = useSelf();
  const [actId] = useState(newId);
  const takeBack = useTakeBack({ moderator: self.id, decision, actId });
  const dueAt = ms(decision.effectsDueAt);
  const isOver = useIsPast(dueAt);
  const isProposed = decision.state === DecisionState.PROPOSED;
  const canUndo = decision.state === DecisionState.MADE && !isOver;
  if (!mayTakeBack(self, decision) || !(isProposed || canUndo)) return null;
  return (
    <div className="rail-form">
      {canUndo && (
        <p>
          Takes effect in <Left endsAt={dueAt} />; until then it can be undone.
        </p>
      )}
      <Button busy={takeBack.isPending} onClick={() => takeBack.mutate()}>
        {isProposed ? "Withdraw the proposal" : "Undo the decision"}
      </Button>
      <ProblemNote error={takeBack.error} />
    </div>
  );
}

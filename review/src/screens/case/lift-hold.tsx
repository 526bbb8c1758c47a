import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import type { LegalHold } from "#gen/frank/v1/retention_pb";
import { useClients } from "../../api/clients";
import { shortId } from "../../api/ids";
import { problemOf } from "../../api/problems";
import { announce } from "../../app/announce";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Field, fieldError } from "../../parts/field";
import { ProblemNote } from "../../parts/problem-note";

function LiftDialog({ hold, onClose }: { hold: LegalHold; onClose: () => void }) {
  const { retention } = useClients();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const { caseId, holdId } = hold;
  const lift = useMutation({
    mutationFn: () => retention.liftLegalHold({ caseId, holdId, reason: reason.trim() }),
    onSuccess: ({ legalHold }) => {
      announce(
        legalHold.length === 0
          ? "Lifted. Nothing else holds the case."
          : "Lifted. Others hold the case still.",
      );
      void queries.invalidateQueries({ queryKey: ["case"] });
      void queries.invalidateQueries({ queryKey: ["legal-holds"] });
      onClose();
    },
  });
  const problem = lift.error ? problemOf(lift.error) : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!lift.isPending) lift.mutate();
  };
  return (
    <Dialog open onClose={onClose} title={`Lift the hold on case ${shortId(caseId)}?`}>
      <form onSubmit={submit} className="stack-s">
        <p>
          If nothing else holds it, the case is erased when its time is over, after 7 days
          at the earliest.
        </p>
        <Field
          label="Why"
          hint="Kept as a note of the case."
          error={fieldError(problem, "reason")}
        >
          {(ids) => (
            <textarea
              {...ids}
              className="textarea"
              required
              maxLength={1024}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <ProblemNote error={lift.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Leave it</Button>
          <Button kind="danger" type="submit" busy={lift.isPending}>
            Lift it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Ends one legal hold; the others of the case stay. */
export function LiftHold({ hold }: { hold: LegalHold }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button kind="quiet" onClick={() => setAsking(true)}>
        Lift …
      </Button>
      {asking && <LiftDialog hold={hold} onClose={() => setAsking(false)} />}
    </>
  );
}

// What the caller decided just now, and until when it can be undone: a bar that
// stays while one goes on to the next case. The newest is shown; those before it
// follow once it is over, hidden or taken back.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { DecisionState, type Decision } from "#gen/frank/v1/decision_pb";
import { useClients } from "../api/clients";
import { newId, sameBytes, toHex } from "../api/ids";
import { useSelf } from "../api/self";
import { ACTION } from "../api/words";
import { Button } from "../parts/button";
import { ProblemNote } from "../parts/problem-note";
import { countdown, ms, useNow } from "../parts/time";
import { announce } from "./announce";
import { useCommands } from "./keys";
import { go, href } from "./router";
import { Store, useStore } from "./store";

interface Recent {
  /** Who decided; nobody else is shown it. */
  moderator: string;
  decision: Decision;
  /** The same for each repeat of undoing it. */
  actId: Uint8Array;
}

/** The newest first. */
export const recent = new Store<readonly Recent[]>([]);

export function rememberDecision(moderator: string, decision: Decision): void {
  recent.set([{ moderator, decision, actId: newId() }, ...recent.get()]);
}

function forget({ decisionId }: Decision): void {
  recent.set(
    recent.get().filter(({ decision }) => !sameBytes(decision.decisionId, decisionId)),
  );
}

function wordsOf(decision: Decision): string {
  return decision.action.map(({ kind }) => ACTION[kind]).join(", ");
}

/** Undoes a decision, or withdraws a proposal, and goes to its case. */
export function useTakeBack({ moderator, decision, actId }: Recent) {
  const { decisions } = useClients();
  const queries = useQueryClient();
  const { decisionId } = decision;
  return useMutation({
    mutationFn: async () => {
      if (decision.state === DecisionState.PROPOSED) {
        await decisions.withdrawDecision({ decisionId, actId });
      } else await decisions.undoDecision({ decisionId, actId });
    },
    onSuccess: () => {
      const isOwn = decision.moderator === moderator;
      announce(`Taken back. The case is open${isOwn ? " and yours" : ""} again.`);
      forget(decision);
      const id = decision.caseId[0] && toHex(decision.caseId[0]);
      void queries.invalidateQueries({ queryKey: ["case"] });
      if (id) go(href("case", id));
    },
  });
}

function Bar({ entry }: { entry: Recent }) {
  const { decision } = entry;
  const takeBack = useTakeBack(entry);
  const now = useNow();
  const isProposed = decision.state === DecisionState.PROPOSED;
  const leftMs = ms(decision.effectsDueAt) - now;
  const isOver = !isProposed && leftMs <= 0;
  useEffect(() => {
    if (isOver && !takeBack.isPending && !takeBack.isError) forget(decision);
  }, [isOver, takeBack.isPending, takeBack.isError, decision]);
  const run = () => {
    if (!takeBack.isPending) takeBack.mutate();
  };
  useCommands([{ label: "Take back the last decision", keys: "u", group: "Work", run }]);
  return (
    <aside className="recent" aria-label="Last decision">
      <span>
        {isProposed ? "Proposed" : "Decided"}: <strong>{wordsOf(decision)}</strong>
        {isProposed
          ? ", waits for a second person."
          : leftMs > 0 && (
              <>
                , takes effect in <span className="clock">{countdown(leftMs)}</span>
              </>
            )}
      </span>
      <Button shortcut="u" busy={takeBack.isPending} onClick={run}>
        {isProposed ? "Withdraw" : "Undo"}
      </Button>
      <Button kind="quiet" aria-label="Hide" onClick={() => forget(decision)}>
        ×
      </Button>
      <ProblemNote error={takeBack.error} />
    </aside>
  );
}

export function RecentDecision() {
  const self = useSelf();
  const entry = useStore(recent).find(({ moderator }) => moderator === self.id);
  return entry ? <Bar key={toHex(entry.decision.decisionId)} entry={entry} /> : null;
}

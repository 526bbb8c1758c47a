// One stream of changes for the whole page. Whoever shows cases listens.
import { Code } from "@connectrpc/connect";
import { useEffect, useRef } from "react";
import type { CaseChange } from "#gen/frank/v1/queue_pb";
import { Store } from "../app/store";
import type { Clients } from "./clients";
import { problemOf } from "./problems";

/** Changes since the last call; undefined: some were lost, list anew. */
export type Changes = readonly CaseChange[] | undefined;
type Listener = (changes: Changes) => void;

const listeners = new Set<Listener>();

/** Whether changes arrive now. */
export const watching = new Store(false);

function tell(changes: Changes): void {
  for (const listener of [...listeners]) listener(changes);
}

async function follow(queues: Clients["queues"], signal: AbortSignal): Promise<void> {
  let token = new Uint8Array();
  let wait = 500;
  while (!signal.aborted) {
    try {
      for await (const answer of queues.watchCases({ token }, { signal })) {
        token = new Uint8Array(answer.token);
        wait = 500;
        watching.set(true);
        if (answer.resync) tell(undefined);
        else if (answer.change.length > 0) tell(answer.change);
      }
    } catch (error) {
      // Whatever else broke it may be over: nobody looks whether it still runs.
      const { code } = problemOf(error);
      if (code === Code.Unauthenticated || code === Code.PermissionDenied) break;
    }
    if (signal.aborted) return;
    watching.set(false);
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(2 * wait, 10_000);
  }
  if (!signal.aborted) watching.set(false);
}

/** Keeps the stream open; it goes on from where it broke off. Returns how to stop. */
export function watchCases(queues: Clients["queues"]): () => void {
  const controller = new AbortController();
  void follow(queues, controller.signal);
  return () => {
    controller.abort();
    watching.set(false);
  };
}

/** Calls `listener` with what changed while the component is there. */
export function useCaseChanges(listener: Listener): void {
  const newest = useRef(listener);
  useEffect(() => {
    newest.current = listener;
  });
  useEffect(() => {
    const steady: Listener = (changes) => {
      newest.current(changes);
    };
    listeners.add(steady);
    return () => {
      listeners.delete(steady);
    };
  }, []);
}

// Other cases of the same account that are decided with the one on the screen.
// Whoever goes to look at one of them finds them chosen still when they return.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { useClients } from "../../api/clients";
import { fromHex, toHex } from "../../api/ids";
import { isPassing, problemOf } from "../../api/problems";
import { useSelf } from "../../api/self";
import { announce } from "../../app/announce";
import { Store, useStore } from "../../app/store";

/** A case in the caller's hands, as they took it. */
export interface Held {
  id: string;
  epoch: bigint;
  seenRevision: bigint;
}

interface Together {
  /** Who chose them; nobody else is shown it. */
  moderator: string;
  /** The case on the screen. */
  main: string;
  others: readonly Held[];
}

const chosen = new Store<Together | undefined>(undefined);

const NONE: readonly Held[] = [];
/** As many as one decision may be about beside the first. */
export const MOST_OTHERS = 31;

export function useTogether(main: string) {
  const { id: moderator } = useSelf();
  const group = useStore(chosen);
  const isHere = group?.main === main && group.moderator === moderator;
  const set = useCallback(
    (change: (others: readonly Held[]) => readonly Held[]) => {
      const now = chosen.get();
      const known = now?.main === main && now.moderator === moderator;
      chosen.set({ moderator, main, others: change(known ? now.others : NONE) });
    },
    [main, moderator],
  );
  const drop = useCallback(
    (id: string) => set((others) => others.filter((other) => other.id !== id)),
    [set],
  );
  const clear = useCallback(() => set(() => NONE), [set]);
  return { others: isHere ? group.others : NONE, set, drop, clear };
}

/** Takes another case to be decided too, or gives it back. */
export function useChooseOther(main: string) {
  const { review } = useClients();
  const queries = useQueryClient();
  const { others, set, drop } = useTogether(main);
  return useMutation({
    mutationFn: async (id: string) => {
      const caseId = fromHex(id) ?? new Uint8Array();
      const known = others.find((other) => other.id === id);
      if (known) {
        drop(id);
        await review.releaseCase({ caseId, epoch: known.epoch });
        return;
      }
      const { outcome } = await review.claimCase({ caseId });
      if (outcome.case !== "claimed") {
        const holder = outcome.case === "held" ? outcome.value.holder : "Somebody";
        announce(`${holder} holds it.`, true);
        return;
      }
      const { lease, revision } = outcome.value;
      const held = { id, epoch: lease?.epoch ?? 0n, seenRevision: revision };
      set((before) => [...before.filter((other) => other.id !== id), held]);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["same account"] }),
  });
}

/** Renews the other leases whenever that of the case on the screen was. */
export function useKeepTogether(main: string, expiresAt: bigint): void {
  const { review } = useClients();
  const { others, drop } = useTogether(main);
  useEffect(() => {
    for (const { id, epoch } of others) {
      review
        .renewLease({ caseId: fromHex(id) ?? new Uint8Array(), epoch })
        .catch((error: unknown) => {
          if (isPassing(problemOf(error))) return;
          announce(`Case ${id.slice(0, 8)} is not yours any more.`, true);
          drop(id);
        });
    }
    // Only then: a case that was taken just now has its lease.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [expiresAt]);
}

/** The cases of a decision, as the service takes them. */
export function heldCases(held: readonly Held[]) {
  return held.map(({ id, epoch, seenRevision }) => ({
    caseId: fromHex(id) ?? new Uint8Array(),
    epoch,
    seenRevision,
  }));
}

export function isAmong(others: readonly Held[], caseId: Uint8Array): boolean {
  return others.some(({ id }) => id === toHex(caseId));
}

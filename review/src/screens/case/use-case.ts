// The case on the screen: its record, its lease, and what joined since one looked.
import {
  queryOptions,
  useQueries,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { CaseSummary, GetCaseResponse } from "#gen/frank/v1/review_pb";
import { useClients, type Clients } from "../../api/clients";
import { now } from "../../api/clock";
import { fromHex, toHex } from "../../api/ids";
import { isPassing, problemOf } from "../../api/problems";
import { useSelf, useTellExposure } from "../../api/self";
import { useCaseChanges } from "../../api/watch";
import { announce, useAnnouncement } from "../../app/announce";
import { ms, useIsPast } from "../../parts/time";
import { setAside } from "./arrived";

/** Content is not kept in here: it leaves with the screen. */
const KEPT_MS = 30_000;

export function caseKey(id: string): [string, string] {
  return ["case", id];
}

/** How many pages of its evidence are shown; one, unless somebody asked for more. */
function pagesKey(id: string): [string, string] {
  return ["case pages", id];
}

/** The case with its evidence, and so many pages of that, one after the other. */
async function loadCase(
  review: Clients["review"],
  id: string,
  pages: number,
  signal: AbortSignal,
): Promise<GetCaseResponse> {
  const caseId = fromHex(id) ?? new Uint8Array();
  const shown = await review.getCase({ caseId }, { signal });
  for (let page = 1; page < pages && shown.nextPageToken !== ""; page++) {
    const pageToken = shown.nextPageToken;
    const more = await review.getCase({ caseId, pageToken }, { signal });
    shown.evidence.push(...more.evidence);
    shown.context.push(...more.context);
    shown.nextPageToken = more.nextPageToken;
  }
  return shown;
}

function caseQuery(review: Clients["review"], id: string) {
  return queryOptions({
    queryKey: caseKey(id),
    queryFn: ({ signal, client }) => {
      const pages = client.getQueryData<number>(pagesKey(id)) ?? 1;
      return loadCase(review, id, pages, signal);
    },
    gcTime: KEPT_MS,
    staleTime: KEPT_MS,
  });
}

/** The revisions of cases as they are loaded; undefined: not all are yet. */
export function useRevisions(ids: readonly string[]): Map<string, bigint> | undefined {
  const { review } = useClients();
  const records = useQueries({ queries: ids.map((id) => caseQuery(review, id)) });
  const revisions = new Map<string, bigint>();
  for (const { data } of records) {
    const summary = data?.caseSummary;
    if (!summary) return undefined;
    revisions.set(toHex(summary.caseId), summary.revision);
  }
  return revisions;
}

export function useCaseRecord(id: string) {
  const { review } = useClients();
  const queries = useQueryClient();
  const query = useQuery(caseQuery(review, id));
  useCaseChanges((changes) => {
    const known = queries.getQueryData<GetCaseResponse>(caseKey(id))?.caseSummary
      ?.revision;
    const change = changes?.findLast(({ caseId }) => toHex(caseId) === id);
    const isNews =
      !changes || (change && (known === undefined || change.revision > known));
    if (isNews) void queries.invalidateQueries({ queryKey: caseKey(id) });
  });
  return query;
}

/**
 * Puts a renewed lease into the record on the screen. Nothing else: the revision
 * there is that of the evidence that was loaded with it.
 */
export function useTellLease(): (summary: CaseSummary | undefined) => void {
  const queries = useQueryClient();
  return useCallback(
    (summary) => {
      const lease = summary?.lease;
      if (!summary || !lease) return;
      queries.setQueryData<GetCaseResponse>(
        caseKey(toHex(summary.caseId)),
        (before) =>
          before?.caseSummary && {
            ...before,
            caseSummary: { ...before.caseSummary, lease },
          },
      );
    },
    [queries],
  );
}

/** Loads the record on the screen anew. */
export function useReloadCase(): (id: string) => void {
  const queries = useQueryClient();
  return useCallback(
    (id) => void queries.invalidateQueries({ queryKey: caseKey(id) }),
    [queries],
  );
}

/** Loads the record with a page of evidence more. */
export function useMoreEvidence(id: string): () => Promise<void> {
  const queries = useQueryClient();
  return () => {
    queries.setQueryDefaults(["case pages"], { gcTime: Infinity });
    queries.setQueryData<number>(pagesKey(id), (pages = 1) => pages + 1);
    return queries.invalidateQueries({ queryKey: caseKey(id) });
  };
}

const STALE = new Set(["NEW_EVIDENCE", "LEASE_LOST", "CASE_STATE", "CASE_DECIDED"]);

export function isStale(error: unknown): boolean {
  return STALE.has(problemOf(error).reason);
}

/** Loads the case anew when a refusal says that it is not as the screen shows it. */
export function useReloadWhenStale(id: string): (error: unknown) => void {
  const reload = useReloadCase();
  return useCallback(
    (error) => {
      const { reason, title } = problemOf(error);
      if (!STALE.has(reason)) return;
      announce(title, true);
      reload(id);
    },
    [id, reload],
  );
}

/**
 * The revision that the moderator has looked at. Reports that join later are
 * news until they say that they have seen them: a decision names this revision.
 */
export function useSeen(summary: CaseSummary) {
  const [looked, setLooked] = useState(summary.revision);
  const hasNews = summary.joinedRevision > looked;
  return {
    hasNews,
    seenRevision: hasNews ? looked : summary.revision,
    look: () => {
      setLooked(summary.revision);
    },
  };
}

export interface LeaseState {
  /** Whether the case is in the caller's hands now. */
  mine: boolean;
  /** It was, and the lease ended. */
  lapsed: boolean;
  epoch: bigint;
  /** When the last one of the case ends, or ended. */
  endsAt: number;
  holder: string;
}

function useLeaseOf({ lease }: CaseSummary, self: string): LeaseState {
  const endsAt = ms(lease?.expiresAt ?? 0n);
  const isOver = useIsPast(endsAt);
  const own = lease?.holder === self;
  return {
    mine: own && !isOver,
    lapsed: own && isOver,
    epoch: lease?.epoch ?? 0n,
    endsAt,
    holder: isOver ? "" : (lease?.holder ?? ""),
  };
}

/** A lease that goes so shortly before its end ran out; the time is known roughly. */
const NEARLY_MS = 2000;

/** Whether the caller's last lease ran out, also once the service took it away. */
function useRanOut(state: LeaseState): boolean {
  const [last, setLast] = useState({ endsAt: 0, ranOut: false });
  const endsAt = state.mine ? state.endsAt : 0;
  if (endsAt !== last.endsAt) {
    setLast({ endsAt, ranOut: endsAt === 0 && last.endsAt - now() < NEARLY_MS });
  }
  return last.ranOut && state.holder === "";
}

/** When somebody last touched the page. */
function useTouched() {
  const touched = useRef(0);
  useEffect(() => {
    const touch = () => {
      touched.current = now();
    };
    touch();
    window.addEventListener("keydown", touch);
    window.addEventListener("pointermove", touch);
    window.addEventListener("wheel", touch, { passive: true });
    return () => {
      window.removeEventListener("keydown", touch);
      window.removeEventListener("pointermove", touch);
      window.removeEventListener("wheel", touch);
    };
  }, []);
  return touched;
}

const RENEW_LOOK_MS = 1000;
/** What is left of a lease when that is said. */
export const SHORT_MS = 60_000;

/**
 * Keeps the lease while somebody is at work: it is renewed when a third of it
 * is over and the page was touched since. Who left lets it lapse.
 */
export function useLease(summary: CaseSummary): LeaseState {
  const self = useSelf();
  const { review } = useClients();
  const tell = useTellLease();
  const touched = useTouched();
  const held = useLeaseOf(summary, self.id);
  const ranOut = useRanOut(held);
  const state = { ...held, lapsed: held.lapsed || ranOut };
  const { mine, lapsed, epoch, endsAt } = state;
  const id = toHex(summary.caseId);
  const reloadWhenStale = useReloadWhenStale(id);
  const kept = useRef({ epoch: 0n, leaseMs: 0, renewedAt: 0, busy: false });
  useEffect(() => {
    if (lapsed) announce("Your lease of this case has ended.", true);
  }, [lapsed]);
  const isShort = useIsPast(endsAt - SHORT_MS) && mine;
  useAnnouncement(isShort ? "Your lease ends in a minute." : "", isShort);
  useEffect(() => {
    if (!mine) return;
    if (kept.current.epoch !== epoch) {
      const at = now();
      kept.current = { epoch, leaseMs: endsAt - at, renewedAt: at, busy: false };
    }
    const { current } = kept;
    const renew = () => {
      const isDue = endsAt - now() < (2 * current.leaseMs) / 3;
      if (!isDue || current.busy || touched.current <= current.renewedAt) return;
      current.busy = true;
      current.renewedAt = now();
      review
        .renewLease({ caseId: fromHex(id) ?? new Uint8Array(), epoch })
        .then(({ caseSummary }) => tell(caseSummary))
        .catch((error: unknown) => {
          if (!isPassing(problemOf(error))) announce(problemOf(error).title, true);
          reloadWhenStale(error);
        })
        .finally(() => {
          current.busy = false;
        });
    };
    const timer = setInterval(renew, RENEW_LOOK_MS);
    return () => {
      clearInterval(timer);
    };
  }, [mine, epoch, endsAt, id, review, tell, touched, reloadWhenStale]);
  return state;
}

const ATTEND_MS = 15_000;

/** Tells that the caller looks at the case; returns who else does. */
export function useAttendants(id: string) {
  const { queues } = useClients();
  const caseId = fromHex(id) ?? new Uint8Array();
  const query = useQuery({
    queryKey: ["attendants", id],
    queryFn: ({ signal }) => queues.attendCase({ caseId }, { signal }),
    refetchInterval: ATTEND_MS,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  useEffect(
    () => () => {
      queues
        .attendCase({ caseId: fromHex(id) ?? new Uint8Array(), leave: true })
        .catch(() => {});
    },
    [queues, id],
  );
  return query.data?.attendant ?? [];
}

/** Takes the case on the screen. */
export function useTakeAnswer() {
  const queries = useQueryClient();
  const tellExposure = useTellExposure();
  return (id: string, shown: GetCaseResponse | undefined) => {
    if (shown) queries.setQueryData(caseKey(id), setAside(queries, id, shown));
    else void queries.invalidateQueries({ queryKey: caseKey(id) });
    tellExposure(shown?.exposure);
  };
}

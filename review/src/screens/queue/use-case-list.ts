// The list: pages by token, and changes patched into what is there. Rows never
// move by themselves; what came since is counted until somebody asks.
import {
  useInfiniteQuery,
  useQueryClient,
  type InfiniteData,
} from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { CaseChange } from "#gen/frank/v1/queue_pb";
import type { CaseFilter, CaseOrder, CaseSummary } from "#gen/frank/v1/review_pb";
import { useClients } from "../../api/clients";
import { toHex } from "../../api/ids";
import { useCaseChanges } from "../../api/watch";

const PAGE_SIZE = 200;

export interface CasePage {
  caseSummary: CaseSummary[];
  nextPageToken: string;
  partial: boolean;
}

export interface CaseRow {
  id: string;
  summary: CaseSummary;
  /** It changed since it was listed, and may not belong here any more. */
  changed: boolean;
}

/** Puts changes into the pages that have the case; tells how many have not. */
export function patchPages(pages: CasePage[], changes: readonly CaseChange[]) {
  const byId = new Map(changes.map((change) => [toHex(change.caseId), change]));
  const unknown = new Set(byId.keys());
  const patched = pages.map((page) => ({
    ...page,
    caseSummary: page.caseSummary.map((summary) => {
      const id = toHex(summary.caseId);
      const change = byId.get(id);
      unknown.delete(id);
      return change && change.revision >= summary.revision
        ? apply(summary, change)
        : summary;
    }),
  }));
  return { patched, unknown };
}

function apply(summary: CaseSummary, change: CaseChange): CaseSummary {
  const { state, queue, revision, holder } = change;
  const next = { ...summary, state, queue, revision };
  if (holder === "") delete next.lease;
  else next.lease = { $typeName: "frank.v1.Lease", holder, epoch: 0n, expiresAt: 0n };
  return next;
}

interface ListedView {
  filter: CaseFilter;
  order: CaseOrder;
  /** Not empty: cases with a note of these words. */
  words: string;
}

export function useCaseList(view: ListedView, viewKey: string) {
  const { review, queues } = useClients();
  const cache = useQueryClient();
  const key = useMemo(() => ["cases", viewKey], [viewKey]);
  const [elsewhere, setElsewhere] = useState<ReadonlySet<string>>(new Set());
  const [lost, setLost] = useState(false);
  const query = useInfiniteQuery({
    queryKey: key,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }): Promise<CasePage> => {
      const page = {
        filter: view.filter,
        order: view.order,
        pageSize: PAGE_SIZE,
        pageToken: pageParam,
      };
      return view.words
        ? queues.searchNotes({ ...page, text: view.words }, { signal })
        : review.listCases(page, { signal });
    },
    getNextPageParam: (last) => last.nextPageToken || undefined,
    staleTime: 30_000,
    gcTime: 60_000,
  });
  useCaseChanges((changes) => {
    if (!changes) {
      setLost(true);
      return;
    }
    const data = cache.getQueryData<InfiniteData<CasePage, string>>(key);
    if (!data) return;
    const { patched, unknown } = patchPages(data.pages, changes);
    cache.setQueryData(key, { ...data, pages: patched });
    if (unknown.size > 0) setElsewhere((before) => new Set([...before, ...unknown]));
  });
  const rows = useMemo(
    () => rowsOf(query.data?.pages ?? [], view.filter),
    [query.data, view.filter],
  );
  return {
    query,
    rows,
    /** How many changed cases are not in the list, and might belong there. */
    elsewhere: elsewhere.size,
    lost,
    reload: () => {
      setElsewhere(new Set());
      setLost(false);
      void cache.resetQueries({ queryKey: key });
    },
  };
}

function rowsOf(pages: CasePage[], filter: CaseFilter): CaseRow[] {
  const states = new Set(filter.state);
  const queues = new Set(filter.queue);
  return pages.flatMap((page) =>
    page.caseSummary.map((summary) => ({
      id: toHex(summary.caseId),
      summary,
      changed:
        (states.size > 0 && !states.has(summary.state)) ||
        (queues.size > 0 && !queues.has(summary.queue)),
    })),
  );
}

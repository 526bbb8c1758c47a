// The list: pages by token, and changes put into what is there. Rows never move by
// themselves; what came since is counted until somebody asks.
import {
  useInfiniteQuery,
  useQueryClient,
  type InfiniteData,
} from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { CaseFilter, CaseOrder } from "#gen/frank/v1/review_pb";
import { useClients } from "../../api/clients";
import { useCaseChanges } from "../../api/watch";
import { rowsOf } from "../../parts/rows";
import { applyChanges, pageOf, type CasePage } from "./case-rows";

/** The most that the service gives. */
const PAGE_SIZE = 200;
/** So many changed cases that are not in the list are counted. */
const MOST_COUNTED = 1000;

interface ListedView {
  filter: CaseFilter;
  order: CaseOrder;
  /** Not empty: cases with a note of these words. */
  words: string;
}

/** The pages are never asked for again: changes come by themselves. */
function usePages(view: ListedView, key: readonly string[]) {
  const { review, queues } = useClients();
  return useInfiniteQuery({
    queryKey: key,
    initialPageParam: "",
    queryFn: async ({ pageParam, signal }): Promise<CasePage> => {
      const page = {
        filter: view.filter,
        order: view.order,
        pageSize: PAGE_SIZE,
        pageToken: pageParam,
      };
      const answer = view.words
        ? await queues.searchNotes({ ...page, text: view.words }, { signal })
        : await review.listCases(page, { signal });
      return pageOf(answer);
    },
    getNextPageParam: (last) => last.nextPageToken || undefined,
    staleTime: Infinity,
    // Whoever comes back has missed changes, and begins at the top.
    gcTime: 0,
  });
}

/** Changes of cases, put into the pages; how many were of others. */
function useChangesOf(key: readonly string[]) {
  const cache = useQueryClient();
  const [elsewhere, setElsewhere] = useState<ReadonlySet<string>>(new Set());
  const [lost, setLost] = useState(false);
  const [, draw] = useState(0);
  useCaseChanges((changes) => {
    const data = cache.getQueryData<InfiniteData<CasePage, string>>(key);
    if (!data) return;
    if (!changes) {
      setLost(true);
      return;
    }
    const others = applyChanges(data.pages, changes);
    draw((times) => times + 1);
    if (others.length === 0) return;
    setElsewhere((before) =>
      before.size > MOST_COUNTED ? before : new Set([...before, ...others]),
    );
  });
  const forget = () => {
    setElsewhere(new Set());
    setLost(false);
  };
  return {
    elsewhere: elsewhere.size,
    lost: lost || elsewhere.size > MOST_COUNTED,
    forget,
  };
}

export function useCaseList(view: ListedView, viewKey: string) {
  const cache = useQueryClient();
  const key = useMemo(() => ["cases", viewKey], [viewKey]);
  const query = usePages(view, key);
  const { forget, ...changes } = useChangesOf(key);
  const pages = query.data?.pages;
  const rows = useMemo(() => rowsOf(pages ?? []), [pages]);
  return {
    query,
    rows,
    /** How many changed cases are not in the list, and might belong there. */
    ...changes,
    reload: () => {
      forget();
      void cache.resetQueries({ queryKey: key });
    },
  };
}

import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { useCallback } from "react";

type Paged = Pick<
  UseInfiniteQueryResult,
  "hasNextPage" | "isFetching" | "isFetchNextPageError" | "fetchNextPage" | "refetch"
>;

/**
 * Asks for the next page. `more` is for what asks by itself: it is there only while
 * there is another page, none is on its way, and the last one did not fail. `retry`
 * is for a person: what failed, and no page that is there.
 */
export function useMore(query: Paged) {
  const { hasNextPage, isFetching, isFetchNextPageError } = query;
  const { fetchNextPage, refetch } = query;
  const next = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const mayAsk = hasNextPage && !isFetching && !isFetchNextPageError;
  return {
    more: mayAsk ? next : undefined,
    retry: isFetchNextPageError ? next : () => void refetch(),
  };
}

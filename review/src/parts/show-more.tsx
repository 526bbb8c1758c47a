// Lists that come page by page, and are never silently cut.
import { Button } from "./button";

interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** The way on, while there is more. */
export function ShowMore({ query, what }: { query: Paged; what: string }) {
  if (!query.hasNextPage) return null;
  return (
    <div className="row">
      <span className="faint">There are more {what}.</span>
      <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        Show more
      </Button>
    </div>
  );
}

import { Loading } from "./loading";
import { ProblemNote } from "./problem-note";

/** As much of a query as tells whether it is on its way, failed or came back. */
export interface Asking {
  error: unknown;
  /** Why the last try failed, while others follow. */
  failureReason: unknown;
  /** It is on its way for the first time. */
  isLoading: boolean;
  isFetching: boolean;
  refetch: () => unknown;
}

interface AskedProps {
  query: Asking;
  /** What is done meanwhile: "Listing cases". */
  what: string;
  /** What "Try again" does, where it is not asking for all of it. */
  retry?: () => void;
}

/**
 * Stands before what was asked for: that it is on its way, or that it failed and how
 * to try again, also while it is being tried again. Nothing once it is there: that
 * there is nothing is for whoever shows it to say.
 */
export function Asked({ query, what, retry }: AskedProps) {
  const failure = query.error ?? query.failureReason;
  if (failure !== null && failure !== undefined) {
    const again = retry ?? (() => void query.refetch());
    return <ProblemNote error={failure} onRetry={query.isFetching ? undefined : again} />;
  }
  return query.isLoading ? <Loading what={what} /> : null;
}

import { ProblemNote } from "../../parts/problem-note";
import { nothingWords, type useClaimNext } from "./claim-next";

/** Why the next case did not come. Nothing once it did. */
export function NextOutcome({ next }: { next: ReturnType<typeof useClaimNext> }) {
  const nothing = next.data && nothingWords(next.data);
  return (
    <>
      {nothing !== undefined && <span role="status">{nothing} </span>}
      <ProblemNote error={next.error} onRetry={() => next.mutate()} />
    </>
  );
}

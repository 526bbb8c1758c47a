import { ProblemNote } from "../../parts/problem-note";
import type { useClaimNext } from "./claim-next";

/** Why the next case did not come. Nothing once it did. */
export function NextOutcome({ next }: { next: ReturnType<typeof useClaimNext> }) {
  return (
    <>
      {next.data?.outcome.case === "nothingWaiting" && (
        <span role="status">Nothing waits that you could take. </span>
      )}
      <ProblemNote error={next.error} onRetry={() => next.mutate()} />
    </>
  );
}

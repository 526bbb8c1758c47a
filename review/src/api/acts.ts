// The acts about a case, as the service's log has them.
import { useQuery } from "@tanstack/react-query";
import type { ListActsResponse_Act } from "#gen/frank/v1/review_pb";
import { useClients, type Clients } from "./clients";
import { fromHex } from "./ids";

async function allActs(
  review: Clients["review"],
  caseId: Uint8Array,
  signal: AbortSignal,
) {
  const acts: ListActsResponse_Act[] = [];
  for (let after = 0n; ;) {
    const page = await review.listActs({ caseId, after }, { signal });
    acts.push(...page.act);
    if (!page.more) return acts;
    after = page.act.at(-1)?.number ?? after;
  }
}

/** All acts about a case, oldest first; with a revision, as of then or later. */
export function useActs(id: string, revision?: bigint) {
  const { review } = useClients();
  return useQuery({
    queryKey: ["acts", id, revision?.toString() ?? ""],
    queryFn: ({ signal }) => allActs(review, fromHex(id) ?? new Uint8Array(), signal),
    staleTime: revision === undefined ? 0 : Infinity,
  });
}

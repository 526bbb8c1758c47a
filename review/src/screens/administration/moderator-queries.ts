import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Moderator } from "#gen/frank/v1/moderators_pb";
import { useClients, type Clients } from "../../api/clients";
import { allPages } from "../dashboards/queries";

/** All moderators that the service knows of. */
export function useModerators() {
  const { moderators } = useClients();
  return useQuery<Moderator[]>({
    queryKey: ["moderators"],
    queryFn: ({ signal }) =>
      allPages("", async (pageToken) => {
        const page = await moderators.listModerators(
          { pageSize: 200, pageToken },
          { signal },
        );
        return { items: page.moderator, next: page.nextPageToken };
      }),
  });
}

/** A change of moderators; what is shown of them is asked anew after it. */
export function useModeratorChange<Input>(
  change: (moderators: Clients["moderators"], input: Input) => Promise<unknown>,
) {
  const { moderators } = useClients();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: Input) => change(moderators, input),
    onSuccess: () =>
      Promise.all(
        [["moderators"], ["moderator"]].map((queryKey) =>
          queries.invalidateQueries({ queryKey }),
        ),
      ),
  });
}

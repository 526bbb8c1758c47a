// Matters for authorities: all of them, since the service lists them by no case.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  ReferralState,
  type Authority,
  type ListReferralsResponse,
} from "#gen/frank/v1/referral_pb";
import { useClients, type Clients } from "../../api/clients";
import { allPages } from "../dashboards/queries";

const PAGE_SIZE = 200;
const KEY = ["referrals"];

/** Referrals in a state, oldest first, and the authorities there are. */
export function useReferrals(state = ReferralState.UNSPECIFIED, enabled = true) {
  const { referrals } = useClients();
  return useQuery({
    queryKey: [...KEY, state],
    enabled,
    queryFn: async ({ signal }) => {
      const authorities: Authority[] = [];
      const all = await allPages<ListReferralsResponse["referral"][number], string>(
        "",
        async (pageToken) => {
          const request = { state, pageSize: PAGE_SIZE, pageToken };
          const page = await referrals.listReferrals(request, { signal });
          authorities.push(...page.authority);
          return { items: page.referral, next: page.nextPageToken };
        },
      );
      return { referrals: all, authorities };
    },
  });
}

/** A change of one referral; what is listed, and its cases, are asked for anew. */
export function useReferralChange(
  change: (referrals: Clients["referrals"]) => Promise<unknown>,
  onDone: () => void,
) {
  const { referrals } = useClients();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => change(referrals),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: KEY });
      void queries.invalidateQueries({ queryKey: ["case"] });
      onDone();
    },
  });
}

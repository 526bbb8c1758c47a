import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import type { GetSelfResponse, Moderator } from "#gen/frank/v1/moderators_pb";
import type { Exposure } from "#gen/frank/v1/review_pb";
import { useClients } from "./clients";
import { now } from "./clock";

/** Who is signed in, as the service sees them, and what they were shown. */
export function useSelfQuery() {
  const { moderators } = useClients();
  return useQuery({
    queryKey: ["self"],
    queryFn: ({ signal }) => moderators.getSelf({}, { signal }),
    refetchInterval: 60_000,
  });
}

export const SelfContext = createContext<GetSelfResponse | undefined>(undefined);

export function useSelf(): Moderator {
  const self = useContext(SelfContext)?.moderator;
  if (!self) throw new Error("nobody is signed in here");
  return self;
}

export function useExposure(): Exposure | undefined {
  return useContext(SelfContext)?.exposure;
}

/** Takes what another answer said of the own exposure. */
export function useTellExposure(): (exposure: Exposure | undefined) => void {
  const queries = useQueryClient();
  return (exposure) => {
    if (!exposure) return;
    queries.setQueryData<GetSelfResponse>(
      ["self"],
      (self) => self && { ...self, exposure },
    );
  };
}

/** Whether a break runs, as far as the newest answer said. */
export function useIsResting(): () => boolean {
  const queries = useQueryClient();
  return () => {
    const self = queries.getQueryData<GetSelfResponse>(["self"]);
    return Number(self?.exposure?.breakUntil ?? 0n) > now();
  };
}

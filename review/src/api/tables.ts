// What changes seldom: reasons, queues, policies. Asked once, kept.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useClients } from "./clients";

const SELDOM = 10 * 60_000;

/** Titles of report reasons: "Threat of violence" for "violence.threat". */
export function useReasons() {
  const { reasons } = useClients();
  const { data } = useQuery({
    queryKey: ["reasons"],
    queryFn: ({ signal }) => reasons.listReasons({}, { signal }),
    staleTime: SELDOM,
  });
  return useMemo(() => {
    const all = data?.reason ?? [];
    const titles = new Map(all.map(({ key, title }) => [key, title]));
    return { all, titleOf: (key: string) => titles.get(key) ?? key };
  }, [data]);
}

/** The queues with what waits in each, some seconds old. */
export function useQueues() {
  const { queues } = useClients();
  const { data } = useQuery({
    queryKey: ["queues"],
    queryFn: ({ signal }) => queues.listQueues({}, { signal }),
    refetchInterval: 10_000,
  });
  return useMemo(() => {
    const all = data?.queue ?? [];
    const titles = new Map(all.map(({ name, title }) => [name, title]));
    return { all, titleOf: (name: string) => titles.get(name) ?? name };
  }, [data]);
}

/** The policies in force, or those of a version that a decision named. */
export function usePolicies(version = 0) {
  const { decisions } = useClients();
  const { data } = useQuery({
    queryKey: ["policies", version],
    queryFn: ({ signal }) => decisions.listPolicies({ version }, { signal }),
    staleTime: SELDOM,
  });
  return data;
}

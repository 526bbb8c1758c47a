// What changes seldom: reasons, queues, policies. Asked once, kept. Without them
// there are keys in place of titles; whoever lets somebody choose says why.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useClients } from "./clients";

const SELDOM = 10 * 60_000;

/** Titles of report reasons: "Threat of violence" for "violence.threat". */
export function useReasons() {
  const { reasons } = useClients();
  const query = useQuery({
    queryKey: ["reasons"],
    queryFn: ({ signal }) => reasons.listReasons({}, { signal }),
    staleTime: SELDOM,
  });
  const { data } = query;
  const table = useMemo(() => {
    const all = data?.reason ?? [];
    const titles = new Map(all.map(({ key, title }) => [key, title]));
    return { all, titleOf: (key: string) => titles.get(key) ?? key };
  }, [data]);
  return { ...table, query };
}

/** The queues with what waits in each, some seconds old. */
export function useQueues() {
  const { queues } = useClients();
  const query = useQuery({
    queryKey: ["queues"],
    queryFn: ({ signal }) => queues.listQueues({}, { signal }),
    refetchInterval: 10_000,
  });
  const { data } = query;
  const table = useMemo(() => {
    const all = data?.queue ?? [];
    const titles = new Map(all.map(({ name, title }) => [name, title]));
    return { all, titleOf: (name: string) => titles.get(name) ?? name };
  }, [data]);
  return { ...table, query };
}

/** The policies in force, or those of a version that a decision named. */
export function usePolicies(version = 0) {
  const { decisions } = useClients();
  return useQuery({
    queryKey: ["policies", version],
    queryFn: ({ signal }) => decisions.listPolicies({ version }, { signal }),
    staleTime: SELDOM,
  });
}

import { useQuery } from "@tanstack/react-query";
import { fetchConfig } from "./config";

/** What the service says about itself; the same query as that of the sign-in. */
export function useToolConfig() {
  return useQuery({ queryKey: ["config"], queryFn: fetchConfig, staleTime: Infinity });
}

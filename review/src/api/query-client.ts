import { QueryClient } from "@tanstack/react-query";
import { isPassing, problemOf } from "./problems";

const MAX_TRIES = 8;

/**
 * Reads go on trying while the service is away. Writes do not repeat by
 * themselves: whoever acts decides, with the same id.
 */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (tries, error) => tries < MAX_TRIES && isPassing(problemOf(error)),
        retryDelay: (tries) => Math.min(500 * 2 ** tries, 5000),
        // The network of a tool that talks to its own server is never "offline".
        networkMode: "always",
        refetchOnWindowFocus: false,
        structuralSharing: false,
        staleTime: 5000,
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}

// All pages of what a figure is made of.
import { useQuery } from "@tanstack/react-query";
import type { ModeratorExposure } from "#gen/frank/v1/moderators_pb";
import type { Inflow, Reached } from "#gen/frank/v1/target_pb";
import { useClients } from "../../api/clients";
import type { Span } from "./spans";

const EVERY_MS = 60_000;

/** Follows page tokens until there are no more. */
export async function allPages<Item, Token extends { length: number }>(
  first: Token,
  ask: (token: Token) => Promise<{ items: Item[]; next: Token }>,
): Promise<Item[]> {
  const all: Item[] = [];
  let token = first;
  do {
    const { items, next } = await ask(token);
    all.push(...items);
    token = next;
  } while (token.length > 0);
  return all;
}

function requestOf({ from, until, period }: Span, queue: string) {
  const queues = queue === "" ? [] : [queue];
  return { from: BigInt(from), until: BigInt(until), period, queue: queues };
}

export function useInflow(span: Span, queue: string) {
  const { targets } = useClients();
  return useQuery<Inflow[]>({
    queryKey: ["inflow", span, queue],
    refetchInterval: EVERY_MS,
    queryFn: ({ signal }) =>
      allPages(new Uint8Array(), async (pageToken) => {
        const request = { ...requestOf(span, queue), pageToken };
        const page = await targets.getInflow(request, { signal });
        return { items: page.inflow, next: new Uint8Array(page.nextPageToken) };
      }),
  });
}

export function useReached(span: Span, queue: string) {
  const { targets } = useClients();
  return useQuery<Reached[]>({
    queryKey: ["reached", span, queue],
    refetchInterval: EVERY_MS,
    queryFn: ({ signal }) =>
      allPages(new Uint8Array(), async (pageToken) => {
        const request = { ...requestOf(span, queue), pageToken };
        const page = await targets.getReached(request, { signal });
        return { items: page.reached, next: new Uint8Array(page.nextPageToken) };
      }),
  });
}

export function useExposures() {
  const { moderators } = useClients();
  return useQuery<ModeratorExposure[]>({
    queryKey: ["exposures"],
    refetchInterval: EVERY_MS,
    queryFn: ({ signal }) =>
      allPages("", async (pageToken) => {
        const page = await moderators.listExposure(
          { pageSize: 200, pageToken },
          { signal },
        );
        return { items: page.moderatorExposure, next: page.nextPageToken };
      }),
  });
}

import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import type { CaseFilter, ClaimCaseResponse } from "#gen/frank/v1/review_pb";
import { useClients } from "../../api/clients";
import { toHex } from "../../api/ids";
import { announce } from "../../app/announce";
import { go, href } from "../../app/router";
import { shownWithClaim } from "../case/arrived";
import { useTakeAnswer } from "../case/use-case";

/** Which cases the next one comes from; of what is empty, all. */
export type NextFrom = Pick<
  CaseFilter,
  "queue" | "reason" | "policyArea" | "severity" | "proof" | "dueUntil"
>;

/** Why there is no next case; undefined: there is one. */
export function nothingWords({ outcome }: ClaimCaseResponse): string | undefined {
  if (outcome.case === "claimed") return undefined;
  return outcome.case === "nothingWaiting" && outcome.value.partial
    ? "None of the most urgent cases is for you. Take the next again to look further."
    : "Nothing waits that you could take.";
}

const MOST_PAGES = 5;

/** Whether it leaves some cases out. */
export function isNarrow(from: NextFrom): boolean {
  const { queue, reason, policyArea, severity, proof, dueUntil } = from;
  return (
    dueUntil > 0n ||
    [queue, reason, policyArea, severity, proof].some((values) => values.length > 0)
  );
}

/**
 * Takes the next case and shows it: its answer is the case, so the screen asks
 * nothing more. Where it gave up looking it goes on when it is called again.
 */
export function useClaimNext(from: () => NextFrom) {
  const { review } = useClients();
  const takeAnswer = useTakeAnswer();
  const rest = useRef("");
  return useMutation({
    mutationFn: async (): Promise<ClaimCaseResponse> => {
      let pageToken = rest.current;
      rest.current = "";
      const { queue, reason, policyArea, severity, proof, dueUntil } = from();
      for (let page = 1; ; page++) {
        const answer = await review.claimCase({
          filter: { queue, reason, policyArea, severity, proof, dueUntil },
          pageToken,
          ...shownWithClaim(),
        });
        const nothing = answer.outcome.case === "nothingWaiting" && answer.outcome.value;
        if (!nothing || !nothing.partial) return answer;
        pageToken = nothing.nextPageToken;
        if (page < MOST_PAGES) continue;
        rest.current = pageToken;
        return answer;
      }
    },
    onSuccess: (answer) => {
      const { outcome, shown } = answer;
      if (outcome.case !== "claimed") {
        announce(nothingWords(answer) ?? "");
        return;
      }
      const id = toHex(outcome.value.caseId);
      takeAnswer(id, shown);
      go(href("case", id));
    },
  });
}

import { useMutation } from "@tanstack/react-query";
import type { CaseFilter, ClaimCaseResponse } from "#gen/frank/v1/review_pb";
import { useClients } from "../../api/clients";
import { toHex } from "../../api/ids";
import { announce } from "../../app/announce";
import { go, href } from "../../app/router";
import { shownWithClaim } from "../case/arrived";
import { useTakeAnswer } from "../case/use-case";

/** Which cases the next one comes from; of what is empty, all. */
export type NextFrom = Pick<CaseFilter, "queue" | "reason" | "policyArea" | "severity">;

const MOST_PAGES = 5;

/** Whether it leaves some cases out. */
export function isNarrow(from: NextFrom): boolean {
  const { queue, reason, policyArea, severity } = from;
  return [queue, reason, policyArea, severity].some((values) => values.length > 0);
}

/**
 * Takes the next case and shows it: its answer is the case, so the screen asks
 * nothing more.
 */
export function useClaimNext(from: NextFrom) {
  const { review } = useClients();
  const takeAnswer = useTakeAnswer();
  return useMutation({
    mutationFn: async (): Promise<ClaimCaseResponse> => {
      let pageToken = "";
      for (let page = 1; ; page++) {
        const { queue, reason, policyArea, severity } = from;
        const answer = await review.claimCase({
          filter: { queue, reason, policyArea, severity },
          pageToken,
          ...shownWithClaim(),
        });
        const nothing = answer.outcome.case === "nothingWaiting" && answer.outcome.value;
        if (!nothing || !nothing.partial || page === MOST_PAGES) return answer;
        pageToken = nothing.nextPageToken;
      }
    },
    onSuccess: ({ outcome, shown }) => {
      if (outcome.case !== "claimed") {
        announce("Nothing waits that you could take.");
        return;
      }
      const id = toHex(outcome.value.caseId);
      takeAnswer(id, shown);
      go(href("case", id));
    },
  });
}

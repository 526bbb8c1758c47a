import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { QueueService } from "#gen/frank/v1/queue_pb";
import { ReasonService } from "#gen/frank/v1/reason_pb";
import {
  ProofStatus,
  ReviewService,
  Severity,
  type ClaimCaseRequest,
} from "#gen/frank/v1/review_pb";
import { NextButton } from "../../src/screens/queue/next-button";
import { renderOver } from "../world/setup";
import { QUEUES, REASONS } from "../world/tables";

const NOW = Date.UTC(2026, 10, 28);
let asked: ClaimCaseRequest[];
let partial: boolean;

beforeEach(() => {
  asked = [];
  partial = true;
  vi.spyOn(Date, "now").mockReturnValue(NOW);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function open(query: string) {
  renderOver(
    (router) => {
      router.service(ReasonService, {
        listReasons: () => ({ version: 1, reason: REASONS }),
      });
      router.service(QueueService, { listQueues: () => ({ queue: QUEUES }) });
      router.service(ReviewService, {
        claimCase: (request) => {
          asked.push(request);
          const nextPageToken = `behind ${asked.length.toString()}`;
          const value = partial ? { partial, nextPageToken } : {};
          return { outcome: { case: "nothingWaiting", value } };
        },
      });
    },
    <NextButton query={new URLSearchParams(query)} />,
  );
}

test("the next comes from what the button says, by proof and deadline too", async () => {
  partial = false;
  const { CRITICAL } = Severity;
  open(
    `queue=deception&severity=${CRITICAL.toString()}&proof=${ProofStatus.PROVEN.toString()}&due=1h&tag=raid&words=x`,
  );
  const label = "Take the next of Deception, critical, proven, due within 1 h";
  fireEvent.click(await screen.findByText(label));
  await screen.findByText("Nothing waits that you could take.");
  expect(asked[0]?.filter).toMatchObject({
    queue: ["deception"],
    severity: [CRITICAL],
    proof: [ProofStatus.PROVEN],
    dueUntil: BigInt(NOW + 3_600_000),
  });
  expect(screen.getByText("For the list alone: the tag, the words.")).toBeTruthy();
});

test("what was not all looked at is not said to be empty, and is looked at further", async () => {
  open("");
  const button = screen.getByText("Take the next case");
  fireEvent.click(button);
  expect(
    await screen.findByText(/None of the most urgent cases is for you/),
  ).toBeTruthy();
  const first = asked.length;
  partial = false;
  fireEvent.click(button);
  await screen.findByText("Nothing waits that you could take.");
  expect(asked[first]?.pageToken).toBe(`behind ${first.toString()}`);
  fireEvent.click(button);
  await waitFor(() => {
    expect(asked.length).toBe(first + 2);
  });
  expect(asked.at(-1)?.pageToken).toBe("");
});

import { create } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import { QueryClientProvider, type QueryClient } from "@tanstack/react-query";
import { cleanup, renderHook, waitFor } from "@testing-library/react";
import { createElement, type ReactNode } from "react";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  EvidenceSchema,
  ExposureCategory,
  GetCaseResponseSchema,
  ReviewService,
  type GetCaseRequest,
  type GetCaseResponse,
} from "#gen/frank/v1/review_pb";
import { GetSelfResponseSchema } from "#gen/frank/v1/moderators_pb";
import { clientsOver, ClientsContext } from "../../src/api/clients";
import { toHex } from "../../src/api/ids";
import { newQueryClient } from "../../src/api/query-client";
import { prefer } from "../../src/app/preferences";
import { caseKey, useTellLease } from "../../src/screens/case/use-case";
import { useReveal } from "../../src/screens/case/use-reveal";
import { refusal } from "../world/services";
import { bytesOf } from "../world/town";
import { transportOver } from "../world/transport";

const CASE_ID = bytesOf("case", 16);
let asked: GetCaseRequest[];
/** How many pieces are shown before a break is due. */
let room: number;
/** What happens before the service answers. */
let meanwhile: (request: GetCaseRequest) => void;
/** What it answers, if not what the page shows. */
let answers: ((request: GetCaseRequest) => GetCaseResponse) | undefined;

function record(pieces: number, joinedRevision = 0n): GetCaseResponse {
  return create(GetCaseResponseSchema, {
    caseSummary: { caseId: CASE_ID, exposure: ExposureCategory.TEXT, joinedRevision },
    evidence: Array.from({ length: pieces }, (_, i) => ({
      frankingTag: bytesOf(`tag ${i.toString()}`, 32),
      part: [{ index: 0, mediaType: "image/png", size: 1n, body: new Uint8Array([1]) }],
    })).map((piece) => create(EvidenceSchema, piece)),
  });
}

function routes(answer: GetCaseResponse) {
  return (router: ConnectRouter) => {
    router.service(ReviewService, {
      getCase: (request) => {
        asked.push(request);
        meanwhile(request);
        if (request.revealTag.length > room) throw refusal("BREAK_DUE");
        room -= request.revealTag.length;
        return answers?.(request) ?? answer;
      },
    });
  };
}

function wrapperOver(queries: QueryClient, answer: GetCaseResponse) {
  const clients = clientsOver(transportOver(routes(answer)));
  return ({ children }: { children: ReactNode }) =>
    createElement(
      ClientsContext,
      { value: clients },
      createElement(QueryClientProvider, { client: queries }, children),
    );
}

beforeEach(() => {
  asked = [];
  room = 1000;
  meanwhile = () => undefined;
  answers = undefined;
  prefer({ textAtOnce: true });
});
afterEach(cleanup);

function textRecord(pieces: number, joinedRevision = 0n): GetCaseResponse {
  const shown = record(pieces, joinedRevision);
  for (const part of shown.evidence.flatMap((piece) => piece.part)) {
    part.mediaType = "text/plain";
  }
  return shown;
}

/** The first four pieces, or the rest, as far as they are named. */
function pageOf(shown: GetCaseResponse, request: GetCaseRequest): GetCaseResponse {
  const named = new Set(request.revealTag.map(toHex));
  const isFirst = request.pageToken === "";
  const evidence = (
    isFirst ? shown.evidence.slice(0, 4) : shown.evidence.slice(4)
  ).filter((piece) => named.has(toHex(piece.frankingTag)));
  const nextPageToken = isFirst ? "more" : "";
  return create(GetCaseResponseSchema, { ...shown, evidence, nextPageToken });
}

function hookOver(shown: GetCaseResponse, atOnce = true, queries = newQueryClient()) {
  return renderHook((props) => useReveal(props.shown, props.allowed, props.atOnce), {
    initialProps: { shown, allowed: true, atOnce },
    wrapper: wrapperOver(queries, shown),
  });
}

test("words are asked apart, and content in calls of what one may name", async () => {
  const { result } = hookOver(textRecord(300));
  await waitFor(() => {
    expect(result.current.revealed.pieces.size).toBe(300);
  });
  expect(
    asked.map(({ revealTag, revealNotes }) => [revealTag.length, revealNotes]),
  ).toEqual([
    [0, true],
    [256, false],
    [44, false],
  ]);
});

test("of what is too much at once as much is shown as may be", async () => {
  room = 12;
  const { result } = hookOver(textRecord(13));
  await waitFor(() => {
    expect(result.current.reveal.isError).toBe(true);
  });
  expect(result.current.revealed.pieces.size).toBe(12);
  expect(room).toBe(0);
});

test("with room for none few are refused, and with room for some none is shown twice", async () => {
  room = 0;
  const { result } = hookOver(textRecord(256));
  await waitFor(() => {
    expect(result.current.reveal.isError).toBe(true);
  });
  expect(asked.filter(({ revealTag }) => revealTag.length > 0).length).toBe(9);
  asked = [];
  room = 100;
  const { result: some } = hookOver(textRecord(256));
  await waitFor(() => {
    expect(some.current.reveal.isError).toBe(true);
  });
  expect(some.current.revealed.pieces.size).toBe(100);
  expect(room).toBe(0);
});

test("nothing more is asked for once nobody sees it", async () => {
  const { unmount } = hookOver(textRecord(600));
  meanwhile = (request) => {
    if (request.revealTag.length > 0) unmount();
  };
  await waitFor(() => {
    expect(asked.length).toBe(2);
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(asked.length).toBe(2);
});

test("what one page showed is not asked for again when the next is refused", async () => {
  let isRefused = false;
  const shown = textRecord(8);
  answers = (request) => {
    if (request.revealNotes) return shown;
    if (request.pageToken !== "" && !isRefused) {
      isRefused = true;
      throw refusal("BREAK_DUE");
    }
    return pageOf(shown, request);
  };
  const { result } = hookOver(shown);
  await waitFor(() => {
    expect(result.current.revealed.pieces.size).toBe(8);
  });
  const named = asked.flatMap(({ revealTag, pageToken }) =>
    pageToken === "" ? revealTag.map(toHex) : [],
  );
  const first = shown.evidence.slice(0, 4).map((piece) => toHex(piece.frankingTag));
  for (const tag of first) expect(named.filter((one) => one === tag).length).toBe(1);
});

test("no page is asked for, nor what waited, once nobody sees it", async () => {
  const shown = textRecord(8);
  answers = (request) => pageOf(shown, request);
  const { result, unmount } = hookOver(shown, false);
  meanwhile = (request) => {
    if (request.revealTag.length > 0) unmount();
  };
  const tags = shown.evidence.map(({ frankingTag }) => frankingTag);
  result.current.show(tags);
  result.current.show(tags.slice(0, 1));
  await waitFor(() => {
    expect(asked.length).toBe(2);
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(asked.map(({ revealTag }) => revealTag.length)).toEqual([0, 8]);
});

test("who presses twice asks once", async () => {
  const shown = textRecord(1);
  const { result } = hookOver(shown, false);
  const tags = shown.evidence.map(({ frankingTag }) => frankingTag);
  result.current.show(tags);
  result.current.show(tags);
  await waitFor(() => {
    expect(result.current.revealed.pieces.size).toBe(1);
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(asked.map(({ revealTag }) => revealTag.length)).toEqual([0, 1]);
});

test("in a break that is known nothing smaller is tried", async () => {
  room = 0;
  const breakUntil = BigInt(Date.now() + 600_000);
  const queries = newQueryClient();
  queries.setQueryData(
    ["self"],
    create(GetSelfResponseSchema, { exposure: { breakUntil } }),
  );
  const { result } = hookOver(textRecord(256), true, queries);
  await waitFor(() => {
    expect(result.current.reveal.isError).toBe(true);
  });
  expect(asked.map(({ revealTag }) => revealTag.length)).toEqual([0, 256]);
});

test("what is shown is not asked for again when more joins", async () => {
  const { result, rerender } = hookOver(textRecord(2));
  await waitFor(() => {
    expect(result.current.revealed.pieces.size).toBe(2);
  });
  rerender({ shown: textRecord(3, 7n), allowed: true, atOnce: true });
  await waitFor(() => {
    expect(asked.length).toBe(4);
  });
  expect(asked.at(-1)?.revealTag.map(toHex)).toEqual([toHex(bytesOf("tag 2", 32))]);
});

test("what was shown goes when the case does, and comes with it", async () => {
  const shown = textRecord(2);
  const { result, rerender } = hookOver(shown);
  await waitFor(() => {
    expect(result.current.revealed.pieces.size).toBe(2);
  });
  rerender({ shown, allowed: false, atOnce: false });
  expect(result.current.revealed).toEqual({ pieces: new Map(), words: undefined });
  rerender({ shown, allowed: true, atOnce: true });
  await waitFor(() => {
    expect(result.current.revealed.pieces.size).toBe(2);
  });
});

test("who only looks in is shown nothing before they ask", async () => {
  const shown = textRecord(2);
  const { result } = hookOver(shown, false);
  expect(asked).toEqual([]);
  result.current.show(shown.evidence.map(({ frankingTag }) => frankingTag));
  await waitFor(() => {
    expect(result.current.revealed.pieces.size).toBe(2);
  });
  expect(result.current.revealed.words).toBeDefined();
});

test("a renewed lease leaves the revision that was loaded", () => {
  const queries = newQueryClient();
  const shown = record(1);
  const key = caseKey(toHex(CASE_ID));
  queries.setQueryData(key, shown);
  const { result } = renderHook(() => useTellLease(), {
    wrapper: wrapperOver(queries, shown),
  });
  const renewed = record(1, 9n).caseSummary;
  if (!renewed) throw new Error("no summary");
  renewed.revision = 9n;
  renewed.lease = {
    $typeName: "frank.v1.Lease",
    holder: "anna",
    epoch: 2n,
    expiresAt: 5n,
  };
  result.current(renewed);
  const after = queries.getQueryData<GetCaseResponse>(key)?.caseSummary;
  expect(after?.lease?.expiresAt).toBe(5n);
  expect([after?.revision, after?.joinedRevision]).toEqual([0n, 0n]);
});

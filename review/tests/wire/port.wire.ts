import { Code, createClient, type ConnectError } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { expect, test } from "vitest";
import { AuditService } from "#gen/frank/v1/audit_pb";
import { ModeratorRole, ModeratorService } from "#gen/frank/v1/moderators_pb";
import { QueueService } from "#gen/frank/v1/queue_pb";
import { ReviewService, type CaseSummary } from "#gen/frank/v1/review_pb";
import { problemOf } from "../../src/api/problems";
import { withCredential } from "../../src/api/transport";

const token = process.env.FRANK_TOKEN;

function transportOf(useBinaryFormat: boolean, credential = token) {
  return createConnectTransport({
    baseUrl: process.env.FRANK_WEB ?? "",
    useBinaryFormat,
    interceptors: [
      withCredential(
        () => credential,
        () => undefined,
      ),
    ],
  });
}

async function refusal(call: Promise<unknown>): Promise<ConnectError> {
  return call.then(
    () => {
      throw new Error("it was not refused");
    },
    (error: unknown) => error as ConnectError,
  );
}

/** The cases as a client of a format lists them. */
async function listed(useBinaryFormat: boolean): Promise<CaseSummary[]> {
  const review = createClient(ReviewService, transportOf(useBinaryFormat));
  const { caseSummary } = await review.listCases({ filter: { state: [1, 2, 3, 4, 5] } });
  return caseSummary;
}

test("both formats say the same: ids, enums, times of 64 bits", async () => {
  const [json, binary] = [await listed(false), await listed(true)];
  expect(json.length).toBeGreaterThan(1);
  expect(
    json.every(({ caseId, openedAt }) => caseId.length === 16 && openedAt > 0n),
  ).toBe(true);
  expect(json).toEqual(binary);
});

test.each([
  ["JSON", false],
  ["binary", true],
])("in %s a call is answered, refused in words, and streamed", async (_, binary) => {
  const transport = transportOf(binary);
  const { moderator } = await createClient(ModeratorService, transport).getSelf({});
  expect(moderator).toMatchObject({ id: "anna", role: [ModeratorRole.REVIEWER] });

  const review = createClient(ReviewService, transport);
  const field = await refusal(review.listCases({ pageSize: 1000 }));
  expect(field.code).toBe(Code.InvalidArgument);
  expect(problemOf(field)).toMatchObject({
    reason: "FIELD_INVALID",
    fields: [{ field: "page_size", rule: "must be 0 to 200" }],
  });

  const audit = createClient(AuditService, transport);
  const role = await refusal(audit.getCheckpoint({}));
  expect([role.code, problemOf(role).reason]).toEqual([
    Code.PermissionDenied,
    "NOT_PERMITTED",
  ]);

  const stranger = createClient(ReviewService, transportOf(binary, "frank_nobody"));
  expect((await refusal(stranger.listCases({}))).code).toBe(Code.Unauthenticated);

  const stop = new AbortController();
  const watch = createClient(QueueService, transport).watchCases(
    {},
    { signal: stop.signal },
  );
  for await (const { token: place } of watch) {
    expect(place.length).toBeGreaterThan(0);
    break;
  }
  stop.abort();
});

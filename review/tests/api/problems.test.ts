import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, expect, test, vi } from "vitest";
import { ErrorReason } from "#gen/frank/v1/errors_pb";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
} from "#gen/google/rpc/error_details_pb";
import { clientsOver } from "../../src/api/clients";
import { isPassing, problemOf } from "../../src/api/problems";
import { ownTransport } from "../../src/api/transport";

afterEach(() => {
  vi.unstubAllGlobals();
});

function refused(reason: string, code = Code.FailedPrecondition): ConnectError {
  return new ConnectError("internal words", code, undefined, [
    { desc: ErrorInfoSchema, value: { reason, domain: "frank" } },
  ]);
}

test("a reason is told in words, never in those of the error", () => {
  const problem = problemOf(refused("NEW_EVIDENCE"));
  expect(problem.title).toBe("New reports have joined since you looked");
  expect(JSON.stringify(problem)).not.toContain("internal words");
});

// Those that only devices and platforms meet.
const NOT_OURS = new Set([
  "UNSPECIFIED",
  "ACCOUNT_EXISTS",
  "DEVICE_LIST_VERSION",
  "NOT_AUTHENTIC",
  "NOT_A_MEMBER",
  "AUTHORITY_NOT_GRANTED",
  "CANNOT_STAMP",
  "STREAM_REPLACED",
]);

test("each reason that a moderator can meet has words of its own", () => {
  const unknown = problemOf(refused("?", Code.Internal)).title;
  for (const name of Object.values(ErrorReason)) {
    if (typeof name !== "string" || NOT_OURS.has(name)) continue;
    expect(problemOf(refused(name, Code.Internal)).title, name).not.toBe(unknown);
  }
});

test("fields that broke a rule are named", () => {
  const error = new ConnectError("", Code.InvalidArgument, undefined, [
    { desc: ErrorInfoSchema, value: { reason: "FIELD_INVALID" } },
    {
      desc: BadRequestSchema,
      value: { fieldViolations: [{ field: "rationale", description: "must be set" }] },
    },
  ]);
  expect(problemOf(error).fields).toEqual([{ field: "rationale", rule: "must be set" }]);
});

test("how long to wait is told", () => {
  const error = new ConnectError("", Code.ResourceExhausted, undefined, [
    { desc: RetryInfoSchema, value: { retryDelay: { seconds: 90n, nanos: 0 } } },
  ]);
  expect(problemOf(error).retryAfterMs).toBe(90_000);
});

test("a service that is away passes, a refusal stays", () => {
  expect(isPassing(problemOf(new TypeError("failed to fetch")))).toBe(true);
  expect(isPassing(problemOf(refused("CONTENTION", Code.Aborted)))).toBe(true);
  expect(isPassing(problemOf(refused("CASE_DECIDED")))).toBe(false);
});

/** What a call over the transport of the page fails with. */
async function failureOf(call: () => Promise<unknown>): Promise<unknown> {
  return call().then(
    () => undefined,
    (error: unknown) => error,
  );
}

test("a service that cannot be reached passes, also through the transport", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("failed to fetch")));
  const { moderators } = clientsOver(ownTransport());
  const error = await failureOf(() => moderators.getSelf({}));
  expect(problemOf(error)).toMatchObject({ code: Code.Unavailable });
  expect(isPassing(problemOf(error))).toBe(true);
});

test("a stream that breaks off passes, also through the transport", async () => {
  const headers = { "content-type": "application/connect+proto" };
  const oneMessage = new Uint8Array([0, 0, 0, 0, 0]);
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(oneMessage, { headers })));
  const { queues } = clientsOver(ownTransport());
  const stream = queues.watchCases({ token: new Uint8Array() })[Symbol.asyncIterator]();
  await stream.next();
  const error = await failureOf(() => stream.next());
  expect(problemOf(error)).toMatchObject({ code: Code.Unavailable });
});

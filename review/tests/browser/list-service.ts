// A service with a long list of cases, over HTTP beside the built tool, in a
// process of its own: a page that scrolls through it does nothing but that.
import { create } from "@bufbuild/protobuf";
import { createConnectRouter, type ConnectRouter } from "@connectrpc/connect";
import { createFetchHandler } from "@connectrpc/connect/protocol";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import { Readable } from "node:stream";
import { ModeratorRole, ModeratorService } from "#gen/frank/v1/moderators_pb";
import { CaseChangeSchema, QueueService, type CaseChange } from "#gen/frank/v1/queue_pb";
import { ReasonService } from "#gen/frank/v1/reason_pb";
import { CaseState, ReviewService } from "#gen/frank/v1/review_pb";
import { QUEUES, REASONS } from "../world/tables";
import { listedCase } from "../world/town";

const DIST = new URL("../../dist/", import.meta.url);
const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** 16 bytes that are of no other case. */
function idOf(n: number): Uint8Array<ArrayBuffer> {
  const id = new Uint8Array(16).fill(n % 251);
  new DataView(id.buffer).setUint32(0, n);
  return id;
}

/** Cases in the order of the list, and who takes and leaves some. */
export class LongList {
  readonly cases;
  #changes: CaseChange[] = [];
  #wake = () => {};

  constructor(count: number) {
    const now = Date.now();
    this.cases = Array.from({ length: count }, (_, n) =>
      Object.assign(listedCase(n, now), { caseId: idOf(n) }),
    );
  }

  /** So many cases, spread over the list, are taken by somebody. */
  change(count: number, holder: string): void {
    const step = Math.max(1, Math.floor(this.cases.length / count));
    for (let at = 0; at < this.cases.length; at += step) {
      const one = this.cases[at];
      if (!one) continue;
      one.revision += 1n;
      const { caseId, revision, queue } = one;
      const state = CaseState.OPEN;
      this.#changes.push(
        create(CaseChangeSchema, { caseId, revision, state, queue, holder }),
      );
    }
    this.#wake();
  }

  async *watch(signal: AbortSignal) {
    const token = Uint8Array.of(1);
    signal.addEventListener("abort", () => this.#wake());
    yield { token };
    while (!signal.aborted) {
      if (this.#changes.length > 0) yield { change: this.#changes.splice(0), token };
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

function routes(list: LongList, router: ConnectRouter): void {
  const self = { id: "anna", role: [ModeratorRole.REVIEWER] };
  router.service(ModeratorService, { getSelf: () => ({ moderator: self }) });
  router.service(ReasonService, { listReasons: () => ({ version: 1, reason: REASONS }) });
  router.service(ReviewService, {
    listCases: ({ pageSize, pageToken }) => {
      const from = Number(pageToken || "0");
      const next = from + (pageSize || 50);
      return {
        caseSummary: list.cases.slice(from, next),
        nextPageToken: next < list.cases.length ? next.toString() : "",
      };
    },
  });
  router.service(QueueService, {
    listQueues: () => ({
      queue: QUEUES.map((queue) => ({ ...queue, openCount: 12_500n })),
    }),
    watchCases: (_, { signal }) => list.watch(signal),
  });
}

function requestOf(incoming: IncomingMessage, base: string, signal: AbortSignal) {
  const headers = Object.entries(incoming.headers).map(
    ([name, value]): [string, string] => [name, String(value)],
  );
  return new Request(new URL(incoming.url ?? "/", base), {
    method: incoming.method ?? "GET",
    headers,
    signal,
    ...(incoming.method === "POST" && {
      body: Readable.toWeb(incoming) as unknown as BodyInit,
      duplex: "half",
    }),
  });
}

async function sendFile(path: string, response: ServerResponse): Promise<void> {
  if (path === "/config.json") {
    response.end("{}");
    return;
  }
  const name = path === "/" ? "index.html" : path.slice(1);
  response.setHeader("content-type", TYPES[extname(name)] ?? "application/octet-stream");
  response.end(await readFile(new URL(name, DIST)));
}

/** Serves the built tool and the list; returns where. */
export async function serveLongList(list: LongList): Promise<string> {
  const router = createConnectRouter({ grpc: false, grpcWeb: false });
  routes(list, router);
  const handlers = new Map(
    router.handlers.map((handler) => [handler.requestPath, createFetchHandler(handler)]),
  );
  const server = createServer((incoming, response) => {
    const { port } = server.address() as AddressInfo;
    const handler = handlers.get(incoming.url ?? "");
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const answer = async () => {
      if (!handler) return sendFile(incoming.url ?? "/", response);
      const base = `http://127.0.0.1:${port.toString()}`;
      const { status, headers, body } = await handler(
        requestOf(incoming, base, gone.signal),
      );
      response.writeHead(status, Object.fromEntries(headers));
      if (body) Readable.fromWeb(body as never).pipe(response);
      else response.end();
    };
    answer().catch(() => response.writeHead(404).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port.toString()}/`;
}

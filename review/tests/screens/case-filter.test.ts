import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { CaseChangeSchema } from "#gen/frank/v1/queue_pb";
import { CaseState, Severity } from "#gen/frank/v1/review_pb";
import { filterOf, parseSearch } from "../../src/screens/queue/case-filter";
import { patchPages } from "../../src/screens/queue/use-case-list";
import { listedCase } from "../world/town";

test("an address is a filter, and what it cannot mean is left out", () => {
  const query = new URLSearchParams(
    "state=1&state=99&severity=4&queue=harm&due=1h&tag=vip",
  );
  const filter = filterOf(query, 120_500);
  expect(filter.state).toEqual([CaseState.OPEN]);
  expect(filter.severity).toEqual([Severity.CRITICAL]);
  expect(filter.queue).toEqual(["harm"]);
  expect(filter.dueUntil).toBe(3_720_000n);
  expect(filter.tag).toBe("vip");
});

test.each([
  [
    "00112233445566778899aabbccddeeff",
    { kind: "case", id: "00112233445566778899aabbccddeeff" },
  ],
  [
    "mimi://hub.example/u/bo",
    { kind: "filter", name: "accused", value: "mimi://hub.example/u/bo" },
  ],
  [
    "reporter:mimi://hub.example/u/bo",
    { kind: "filter", name: "reporter", value: "mimi://hub.example/u/bo" },
  ],
  ["#repeat", { kind: "filter", name: "tag", value: "repeat" }],
  ["@ben", { kind: "filter", name: "moderator", value: "ben" }],
  [
    "waits at the station",
    { kind: "filter", name: "words", value: "waits at the station" },
  ],
  ["  ", undefined],
])("%s is searched for as what it is", (text, found) => {
  expect(parseSearch(text)).toEqual(found);
});

test("a change is put where the case stands, and never moves it", () => {
  const cases = [1, 2, 3].map((n) => listedCase(n, 0));
  const second = cases[1];
  if (!second) throw new Error("no second case");
  const pages = [{ caseSummary: cases, nextPageToken: "", partial: false }];
  const { patched, unknown } = patchPages(pages, [
    create(CaseChangeSchema, {
      caseId: second.caseId,
      revision: 9n,
      state: CaseState.OPEN,
      queue: "harm",
      holder: "ben",
    }),
    create(CaseChangeSchema, { caseId: new Uint8Array(16), revision: 1n }),
  ]);
  expect(patched[0]?.caseSummary.map(({ caseId }) => caseId)).toEqual(
    cases.map(({ caseId }) => caseId),
  );
  expect(patched[0]?.caseSummary[1]?.lease?.holder).toBe("ben");
  expect([...unknown]).toEqual(["00".repeat(16)]);
});

test("an old change does not overwrite what is newer", () => {
  const one = listedCase(1, 0);
  const pages = [{ caseSummary: [one], nextPageToken: "", partial: false }];
  const old = create(CaseChangeSchema, {
    caseId: one.caseId,
    revision: 1n,
    holder: "ben",
  });
  expect(patchPages(pages, [old]).patched[0]?.caseSummary[0]?.lease).toBeUndefined();
});

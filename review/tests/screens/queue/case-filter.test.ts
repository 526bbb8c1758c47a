import { expect, test } from "vitest";
import { CaseState, Severity } from "#gen/frank/v1/review_pb";
import { filterOf, parseSearch } from "../../../src/screens/queue/case-filter";

test("an address is a filter, and what it cannot mean is left out", () => {
  const query = new URLSearchParams(
    "state=1&state=99&severity=4&severity=3&queue=harm&area=violence&due=1h&tag=vip",
  );
  const filter = filterOf(query, 120_500);
  expect(filter.state).toEqual([CaseState.OPEN]);
  expect(filter.severity).toEqual([Severity.CRITICAL, Severity.HIGH]);
  expect(filter.queue).toEqual(["harm"]);
  expect(filter.policyArea).toEqual(["violence"]);
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

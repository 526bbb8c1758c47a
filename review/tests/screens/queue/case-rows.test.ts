import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { CaseChangeSchema } from "#gen/frank/v1/queue_pb";
import { CaseState } from "#gen/frank/v1/review_pb";
import { filterOf } from "../../../src/screens/queue/case-filter";
import { applyChanges, hasLeft, pageOf } from "../../../src/screens/queue/case-rows";
import { listedCase } from "../../world/town";

function page(...numbers: number[]) {
  return pageOf({ caseSummary: numbers.map((n) => listedCase(n, 0)), nextPageToken: "" });
}

function taken(n: number, revision: bigint, holder = "ben") {
  const { caseId, queue } = listedCase(n, 0);
  const state = CaseState.ON_HOLD;
  return create(CaseChangeSchema, { caseId, revision, state, queue, holder });
}

test("a change is put where the case stands, and touches no other", () => {
  const pages = [page(1, 2, 3), page(4, 5, 6)];
  const before = pages.map(({ rows }) => [...rows]);
  const nobodys = create(CaseChangeSchema, { caseId: new Uint8Array(16), revision: 1n });
  expect(applyChanges(pages, [taken(5, 9n), nobodys])).toEqual(["00".repeat(16)]);
  expect(pages[1]?.rows[1]).toMatchObject({ holder: "ben", state: CaseState.ON_HOLD });
  const rows = pages.flatMap((one) => one.rows);
  const same = before.flat().map((row, i) => row === rows[i]);
  expect(same).toEqual([true, true, true, true, false, true]);
});

test("an old change does not overwrite what is newer", () => {
  const pages = [page(1)];
  expect(applyChanges(pages, [taken(1, 1n)])).toEqual([]);
  expect(pages[0]?.rows[0]?.holder).toBe("");
});

test("a case that changed its state or queue is marked where the filter names them", () => {
  const pages = [page(1)];
  applyChanges(pages, [taken(1, 9n)]);
  const [row] = pages[0]?.rows ?? [];
  if (!row) throw new Error("no row");
  const filter = (query: string) => filterOf(new URLSearchParams(query), 0);
  expect(hasLeft(row, filter("state=1"))).toBe(true);
  expect(hasLeft(row, filter(""))).toBe(false);
  expect(hasLeft(row, filter("queue=other"))).toBe(true);
});

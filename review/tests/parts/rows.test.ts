import { expect, test } from "vitest";
import { rowsOf } from "../../src/parts/rows";

test("rows are counted through pages, also through those that are empty", () => {
  const rows = rowsOf([
    { rows: [] },
    { rows: ["a", "b"] },
    { rows: [] },
    { rows: ["c"] },
    { rows: [] },
  ]);
  expect(rows.count).toBe(3);
  expect([-1, 0, 1, 2, 3].map((index) => rows.at(index))).toEqual([
    undefined,
    "a",
    "b",
    "c",
    undefined,
  ]);
});

test("a page more looks at no row of the pages before", () => {
  let looks = 0;
  const page = { rows: Array.from({ length: 200 }, (_, i) => i) };
  page.rows = new Proxy(page.rows, {
    get: (rows, name) => {
      if (name !== "length") looks++;
      return Reflect.get(rows, name) as unknown;
    },
  });
  const rows = rowsOf(Array.from({ length: 500 }, () => page));
  expect(rows.count).toBe(100_000);
  expect(looks).toBe(0);
  expect(rows.at(99_999)).toBe(199);
  expect(looks).toBe(1);
});

import { expect, test } from "vitest";
import { href, parsePlace } from "../../src/app/router";

test("an address is segments and a query", () => {
  const { path, query } = parsePlace("#/case/00ff/notes?x=1&y=a%20b");
  expect(path).toEqual(["case", "00ff", "notes"]);
  expect(query.get("y")).toBe("a b");
});

test("an address that nobody encoded is no screen, and no failure", () => {
  expect(parsePlace("#/%").path).toEqual(["%"]);
});

test("no address is the start", () => {
  expect(parsePlace("").path).toEqual([]);
  expect(parsePlace(href()).path).toEqual([]);
});

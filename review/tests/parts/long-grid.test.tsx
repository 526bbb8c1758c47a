import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LongGrid } from "../../src/parts/long-grid";
import { rowsOf } from "../../src/parts/rows";

interface Thing {
  name: string;
}

const ROW = 34;
let drawn: string[];
let opened: string[];
let asked: number;

beforeEach(() => {
  [drawn, opened, asked] = [[], [], 0];
  // Ten rows are in sight.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(10 * ROW);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function pagesOf(count: number): { rows: Thing[] }[] {
  return Array.from({ length: count / 200 }, (_, page) => ({
    rows: Array.from({ length: 200 }, (_, i) => ({
      name: `n${(200 * page + i).toString()}`,
    })),
  }));
}

function Cells({ name }: Thing) {
  drawn.push(name);
  return <span role="gridcell">{name}</span>;
}
const cells = (row: Thing) => <Cells {...row} />;
const more = () => void asked++;

function grid(pages: { rows: Thing[] }[]) {
  return (
    <LongGrid
      label="Things"
      className="things"
      columns={["Name"]}
      rows={rowsOf(pages)}
      cells={cells}
      more={more}
      isPart
      onOpen={({ name }) => opened.push(name)}
      commands={{ group: "Things", next: "Next", before: "Before", open: "Open" }}
    />
  );
}

function rowsDrawn(): (string | null)[] {
  const rows = screen.getByRole("grid").querySelectorAll("[aria-selected]");
  return [...rows].map((row) => row.textContent);
}

function scrollTo(index: number): void {
  const element = screen.getByRole("grid");
  element.scrollTop = index * ROW;
  fireEvent.scroll(element);
}

test("of 100,000 rows those in sight and some around them are there, in their order", () => {
  render(grid(pagesOf(100_000)));
  for (const index of [0, 5, 50_000, 50_100, 99_990, 3]) {
    scrollTo(index);
    const rows = rowsDrawn();
    expect(rows.length).toBeLessThanOrEqual(10 + 3 * 8);
    const first = Number(rows[0]?.slice(1));
    expect(first).toBeLessThanOrEqual(index);
    expect(rows).toEqual(rows.map((_, i) => `n${(first + i).toString()}`));
    expect(rows).toContain(`n${(index + 9).toString()}`);
  }
});

test("a page more and a change draw no row anew that did not change", () => {
  const pages = pagesOf(1000);
  const { rerender } = render(grid(pages));
  drawn = [];
  rerender(grid(pagesOf(1200).map((page, i) => pages[i] ?? page)));
  expect(drawn).toEqual([]);
  pages[0]?.rows.splice(4, 1, { name: "other" });
  pages[0]?.rows.splice(150, 1, { name: "out of sight" });
  rerender(grid(pages));
  expect(drawn).toEqual(["other"]);
});

test("a row that is passed is drawn once", () => {
  render(grid(pagesOf(1000)));
  for (let index = 0; index <= 200; index++) scrollTo(index);
  expect(drawn.length).toBe(new Set(drawn).size);
});

test("rows are asked for before the last one is in sight, and not at once", () => {
  render(grid(pagesOf(200)));
  expect(asked).toBe(0);
  scrollTo(60);
  expect(asked).toBe(1);
});

test("keys choose, show and open a row wherever it is", () => {
  render(grid(pagesOf(100_000)));
  const element = screen.getByRole("grid");
  const press = (key: string) => fireEvent.keyDown(element, { key });
  press("End");
  fireEvent.scroll(element);
  expect(rowsDrawn()).toContain("n99999");
  press("ArrowUp");
  press("Enter");
  press("Home");
  fireEvent.scroll(element);
  press("PageDown");
  press("ArrowDown");
  press("Enter");
  expect(opened).toEqual(["n99998", "n10"]);
  const active = element.getAttribute("aria-activedescendant") ?? "";
  expect(document.getElementById(active)?.textContent).toBe("n10");
});

test("a row is opened by a press, and chosen by it", () => {
  render(grid(pagesOf(200)));
  fireEvent.click(screen.getByText("n7"));
  expect(opened).toEqual(["n7"]);
  const chosen = document.querySelector("[aria-selected=true]");
  expect(chosen?.textContent).toBe("n7");
});

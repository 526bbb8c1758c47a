import { fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { cleanup } from "@testing-library/react";
import {
  inTitle,
  piecesOf,
  rowsOf,
  UntrustedLine,
  UntrustedText,
} from "../../src/parts/untrusted-text";

afterEach(cleanup);

function shown(text: string): string {
  return piecesOf(text)
    .map((piece) => ("text" in piece ? piece.text : `[${piece.mark}]`))
    .join("");
}

test("markup stays letters", () => {
  const hostile = `<img src=x onerror=alert(1)><script>alert(2)</script>&lt;b&gt;`;
  const { container } = render(<UntrustedText text={hostile} />);
  expect(container.textContent).toBe(hostile);
  expect(container.querySelector("img, script, b")).toBeNull();
});

test("what steers the direction is a mark and steers nothing", () => {
  expect(shown("pay \u202egpj.exe\u202c now")).toBe("pay [RLO]gpj.exe[PDF] now");
  expect(shown("\u2066\u2067\u2068\u2069\u200e\u200f\u061c")).toBe(
    "[LRI][RLI][FSI][PDI][LRM][RLM][ALM]",
  );
});

test("what cannot be seen is shown", () => {
  expect(shown("pass\u200bword\u00ad\ufeff")).toBe("pass[ZWSP]word[SHY][BOM]");
  expect(shown("a\u0000b\u001b[31m\u0085\r")).toBe(
    "a[U+0000]b[U+001B][31m[U+0085][U+000D]",
  );
  expect(shown("\u{e0041}\u{e0042}x")).toBe("[TAGS]x");
});

test("tabs, line feeds, letters with marks and joined emoji are text", () => {
  const text = "a\tb\ncafe\u0301 👩‍👩‍👧 🏳️‍🌈 שלום नमस्ते";
  expect(shown(text)).toBe(text);
});

test("marks piled on a letter are counted", () => {
  expect(shown(`Z${"\u0300".repeat(30)}!`)).toBe(`Z${"\u0300".repeat(4)}[+26]!`);
});

test("a mark says its name to a screen reader", () => {
  render(<UntrustedText text={"a\u202eb"} />);
  expect(screen.getByText("[U+202E right-to-left override]")).toBeTruthy();
});

test("each line has a direction of its own", () => {
  const { container } = render(<UntrustedText text={"abc\nשלום"} />);
  const lines = [...container.querySelectorAll("p")];
  expect(lines.map((line) => line.getAttribute("dir"))).toEqual(["auto", "auto"]);
});

test("long text is folded at a whole character and opens", () => {
  const text = "😀".repeat(1000);
  expect(rowsOf(text, { rows: 1, characters: 3 }).rows).toEqual([{ text: "😀😀😀" }]);
  const { container } = render(<UntrustedText text={text} />);
  expect(container.querySelector("p")?.textContent).not.toBe(text);
  fireEvent.click(screen.getByRole("button", { name: "Show all 1,000 characters" }));
  expect(container.querySelector("p")?.textContent).toBe(text);
});

test("line ends of two characters shift nothing", () => {
  expect(shown("a\r\nb\r\n\u202ec")).toBe("a\nb\n[RLO]c");
});

test("whatever is drawn as nothing is a mark, and emoji stay", () => {
  expect(shown("a\u034fb\uffa0c\ufe0fd\u2065")).toBe(
    "a[U+034F]b[U+FFA0]c[U+FE0F]d[U+2065]",
  );
  expect(shown("❤️ 1️⃣ 👍🏽")).toBe("❤️ 1️⃣ 👍🏽");
});

test("a title holds marks as letters", () => {
  expect(inTitle("mimi://a/u/\u202eeve")).toBe("mimi://a/u/[RLO]eve");
});

test("lines without anything on them are counted, not drawn", () => {
  const text = `begin${"\n".repeat(60_000)}end`;
  const { container } = render(<UntrustedText text={text} />);
  expect([...container.querySelectorAll("p")].map((p) => p.textContent)).toEqual([
    "begin",
    "59,999 empty lines",
    "end",
  ]);
  expect(screen.queryByRole("button")).toBeNull();
  expect(rowsOf("a\n \u3000\t\n\nb\n\n", { rows: 9, characters: 9 }).rows).toEqual([
    { text: "a" },
    { blank: 2 },
    { text: "b" },
    { blank: 1 },
  ]);
});

test("a page never gets all of many lines at once", () => {
  const { container } = render(<UntrustedText text={"a\n".repeat(30_000)} />);
  const count = () => container.querySelectorAll("p").length;
  expect(count()).toBe(12);
  fireEvent.click(screen.getByRole("button", { name: "Show more of 60,000 characters" }));
  expect(count()).toBe(400);
  fireEvent.click(screen.getByRole("button", { name: "Show more of 60,000 characters" }));
  expect(count()).toBe(800);
  fireEvent.click(screen.getByRole("button", { name: "Fold" }));
  expect(count()).toBe(12);
});

test("marks of one kind in a row are one", () => {
  expect(shown(`a${"\u202e".repeat(60_000)}\u202d`)).toBe("a[RLO ×60,000][LRO]");
  expect(shown(`${"\0".repeat(3)}\t\t`)).toBe("[U+0000 ×3]\t\t");
});

test("what is one line stays one", () => {
  const { container } = render(<UntrustedLine text={"photo.jpg\n\n\n\t.exe"} />);
  expect(container.textContent).toContain("LF ×4");
  expect(inTitle("a\nb")).toBe("a[LF]b");
});

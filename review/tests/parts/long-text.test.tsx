import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, test } from "vitest";
import { LongText, withinBytes } from "../../src/parts/long-text";

afterEach(cleanup);

test("a text is cut by bytes, and between letters", () => {
  expect(withinBytes("abc", 3)).toBe("abc");
  expect(withinBytes("abc", 2)).toBe("ab");
  expect(withinBytes("жжж", 5)).toBe("жж");
  expect(withinBytes("a😀b", 4)).toBe("a");
  expect(withinBytes("a😀b", 5)).toBe("a😀");
  expect(withinBytes("", 8)).toBe("");
});

function Note() {
  const [text, setText] = useState("");
  return <LongText aria-label="Note" mostBytes={6} value={text} onChange={setText} />;
}

test("a field takes no more than the service does", () => {
  render(<Note />);
  const field = screen.getByLabelText<HTMLTextAreaElement>("Note");
  fireEvent.change(field, { target: { value: "тысяча" } });
  expect(field.value).toBe("тыс");
});

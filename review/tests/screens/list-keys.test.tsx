import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listenForKeys } from "../../src/app/keys";
import { KeysHelp } from "../../src/app/keys-help";
import { prefer } from "../../src/app/preferences";
import { useListKeys } from "../../src/screens/answers/list-keys";

let stop: () => void;
beforeEach(() => {
  prefer({ singleKeys: true });
  stop = listenForKeys();
  window.location.hash = "";
});
afterEach(() => {
  stop();
  cleanup();
});

function List({ count }: { count: number }) {
  const list = useListKeys<HTMLUListElement>("appeal");
  return (
    <ul ref={list}>
      {Array.from({ length: count }, (_, i) => (
        <li key={i}>
          <a href={`#/case/${i.toString()}`}>{`case ${i.toString()}`}</a>
        </li>
      ))}
    </ul>
  );
}

function press(key: string): string {
  fireEvent.keyDown(document.activeElement ?? document.body, { key });
  return document.activeElement?.textContent ?? "";
}

test("j and k go from entry to entry, and not beyond the ends", () => {
  render(<List count={2} />);
  expect(["j", "j", "j"].map(press)).toEqual(["case 0", "case 1", "case 1"]);
  expect(["k", "k"].map(press)).toEqual(["case 0", "case 0"]);
  (document.activeElement as HTMLElement).blur();
  expect(press("k")).toBe("case 0");
});

test("o opens the chosen entry, and the first if none is", () => {
  render(<List count={2} />);
  press("o");
  expect(window.location.hash).toBe("#/case/0");
  press("j");
  press("j");
  press("o");
  expect(window.location.hash).toBe("#/case/1");
});

test("an empty list has nothing to go to", () => {
  render(<List count={0} />);
  press("j");
  press("o");
  expect(document.activeElement).toBe(document.body);
  expect(window.location.hash).toBe("");
});

test("the list of keys says what they do", () => {
  render(
    <>
      <List count={1} />
      <KeysHelp open onClose={() => undefined} />
    </>,
  );
  for (const label of ["Next appeal", "The appeal before", "Open the chosen appeal"]) {
    expect(screen.getByText(label)).toBeTruthy();
  }
});

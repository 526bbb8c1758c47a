import { cleanup, fireEvent, render } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { listenForKeys, useCommands, type Command } from "../../src/app/keys";
import { prefer } from "../../src/app/preferences";

let stop: () => void;
beforeEach(() => {
  stop = listenForKeys();
  prefer({ singleKeys: true });
});
afterEach(() => {
  stop();
  cleanup();
});

function Layer({ commands }: { commands: Command[] }) {
  useCommands(commands);
  return <input aria-label="words" />;
}

function command(keys: string, run = vi.fn()) {
  return { label: `does ${keys}`, group: "Test", keys, run };
}

test("a key runs its command, and nothing once its layer is gone", () => {
  const next = command("n");
  const { unmount } = render(<Layer commands={[next]} />);
  fireEvent.keyDown(document.body, { key: "n" });
  expect(next.run).toHaveBeenCalledTimes(1);
  unmount();
  fireEvent.keyDown(document.body, { key: "n" });
  expect(next.run).toHaveBeenCalledTimes(1);
});

test("two keys in a row are one command", () => {
  const queue = command("g q");
  const other = command("q");
  render(<Layer commands={[queue, other]} />);
  fireEvent.keyDown(document.body, { key: "g" });
  fireEvent.keyDown(document.body, { key: "q" });
  expect(queue.run).toHaveBeenCalledTimes(1);
  expect(other.run).not.toHaveBeenCalled();
});

test("whoever types writes, and Ctrl acts nevertheless", () => {
  const next = command("n");
  const palette = command("Ctrl+k");
  const { getByLabelText } = render(<Layer commands={[next, palette]} />);
  fireEvent.keyDown(getByLabelText("words"), { key: "n" });
  fireEvent.keyDown(getByLabelText("words"), { key: "k", ctrlKey: true });
  expect(next.run).not.toHaveBeenCalled();
  expect(palette.run).toHaveBeenCalledTimes(1);
});

test("what decides takes its keys from its own part or from the page", () => {
  const submit = { ...command("Ctrl+Enter"), within: ".rail" };
  const { getByLabelText } = render(
    <>
      <Layer commands={[submit]} />
      <div className="rail">
        <input aria-label="why" />
      </div>
    </>,
  );
  fireEvent.keyDown(getByLabelText("words"), { key: "Enter", ctrlKey: true });
  expect(submit.run).not.toHaveBeenCalled();
  fireEvent.keyDown(getByLabelText("why"), { key: "Enter", ctrlKey: true });
  fireEvent.keyDown(document.body, { key: "Enter", ctrlKey: true });
  expect(submit.run).toHaveBeenCalledTimes(2);
});

test("over an open dialog no key acts on what lies below", () => {
  const submit = command("Ctrl+Enter");
  const { getByLabelText } = render(
    <>
      <Layer commands={[submit]} />
      <div role="dialog" data-open="">
        <input aria-label="tag" />
      </div>
    </>,
  );
  fireEvent.keyDown(getByLabelText("tag"), { key: "Enter", ctrlKey: true });
  fireEvent.keyDown(document.body, { key: "Enter", ctrlKey: true });
  expect(submit.run).not.toHaveBeenCalled();
});

test("single keys can be turned off", () => {
  const next = command("n");
  render(<Layer commands={[next]} />);
  prefer({ singleKeys: false });
  fireEvent.keyDown(document.body, { key: "n" });
  expect(next.run).not.toHaveBeenCalled();
});

test("a key that is held down acts once", () => {
  const decide = command("1");
  render(<Layer commands={[decide]} />);
  fireEvent.keyDown(document.body, { key: "1" });
  fireEvent.keyDown(document.body, { key: "1", repeat: true });
  expect(decide.run).toHaveBeenCalledTimes(1);
});

test("the layer that came last has the key", () => {
  const below = command("x");
  const above = command("x");
  render(
    <>
      <Layer commands={[below]} />
      <Layer commands={[above]} />
    </>,
  );
  fireEvent.keyDown(document.body, { key: "x" });
  expect(above.run).toHaveBeenCalledTimes(1);
  expect(below.run).not.toHaveBeenCalled();
});

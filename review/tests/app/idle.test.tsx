import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { IDLE_MS, IdleWatch, WARNING_MS } from "../../src/app/idle";
import { session, signIn } from "../../src/app/session";

const SECOND = 1000;
const WARNED = IDLE_MS - WARNING_MS;

beforeEach(() => {
  vi.useFakeTimers();
  signIn("t");
  render(<IdleWatch />);
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function pass(ms: number) {
  act(() => {
    vi.advanceTimersByTime(ms);
  });
}

const warning = () => screen.queryByText("Still there?");

test("a session that nobody touches is warned of, and ends", () => {
  pass(WARNED - SECOND);
  expect(warning()).toBeNull();
  pass(SECOND);
  expect(warning()).toBeTruthy();
  pass(WARNING_MS - SECOND);
  expect(session.get().token).toBe("t");
  pass(SECOND);
  expect(session.get()).toEqual({ token: undefined, ended: "idle" });
});

test.each(["pointerdown", "keydown", "wheel", "touchstart"])(
  "%s starts the time anew",
  (kind) => {
    pass(WARNED - SECOND);
    fireEvent(window, new Event(kind));
    pass(WARNED - SECOND);
    expect(warning()).toBeNull();
    pass(SECOND);
    expect(warning()).toBeTruthy();
  },
);

test("once the warning stands there, only its answer counts", () => {
  pass(WARNED);
  fireEvent.keyDown(window, { key: "j" });
  fireEvent(window, new Event("pointerdown"));
  pass(WARNING_MS);
  expect(session.get().ended).toBe("idle");
});

test("who answers that they are there stays, for as long again", () => {
  pass(WARNED);
  fireEvent.click(screen.getByRole("button", { name: "Stay signed in" }));
  pass(WARNED - SECOND);
  expect(warning()).toBeNull();
  expect(session.get().token).toBe("t");
});

test("who answers that they go is signed out at once", () => {
  pass(WARNED);
  fireEvent.click(screen.getByRole("button", { name: "Sign out now" }));
  expect(session.get()).toEqual({ token: undefined, ended: "signed-out" });
});

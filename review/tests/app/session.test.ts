import { afterEach, expect, test } from "vitest";
import {
  endSession,
  followOtherTabs,
  session,
  signIn,
  signOut,
} from "../../src/app/session";

afterEach(() => {
  endSession("signed-out");
  localStorage.clear();
});

function changeInAnotherTab(key: string) {
  window.dispatchEvent(new StorageEvent("storage", { key }));
}

test("who signs out is signed out in the other tabs; they learn no token", () => {
  signIn("good");
  signOut();
  expect(session.get()).toEqual({ token: undefined, ended: "signed-out" });
  expect(Object.keys(localStorage)).toEqual(["frank.signed-out"]);
  expect(JSON.stringify({ ...localStorage })).not.toContain("good");
  signIn("better");
  const stop = followOtherTabs();
  changeInAnotherTab("frank.preferences");
  expect(session.get().token).toBe("better");
  changeInAnotherTab("frank.signed-out");
  expect(session.get()).toEqual({ token: undefined, ended: "signed-out" });
  stop();
});

test("how a session ended is not overwritten by another tab's end", () => {
  endSession("idle");
  const stop = followOtherTabs();
  changeInAnotherTab("frank.signed-out");
  expect(session.get().ended).toBe("idle");
  stop();
});

test("a session that is idle ends in its own tab alone", () => {
  signIn("good");
  endSession("idle");
  expect(Object.keys(localStorage)).toEqual([]);
});

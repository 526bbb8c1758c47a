import { create } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { GetSelfResponseSchema, ModeratorRole } from "#gen/frank/v1/moderators_pb";
import { QueueService } from "#gen/frank/v1/queue_pb";
import { ReasonService } from "#gen/frank/v1/reason_pb";
import { CaseState, ReviewService } from "#gen/frank/v1/review_pb";
import { SelfContext } from "../../src/api/self";
import Queue from "../../src/screens/queue";
import { savedViews } from "../../src/screens/queue/views";
import { recording, type Call } from "../world/recorder";
import { renderOver } from "../world/setup";
import { QUEUES, REASONS } from "../world/tables";

let calls: Call[];

beforeEach(() => {
  calls = [];
  localStorage.clear();
  savedViews.set([]);
});
afterEach(cleanup);

function routes(router: ConnectRouter) {
  router.service(ReviewService, recording(calls, "listCases"));
  router.service(QueueService, {
    ...recording(calls, "searchNotes"),
    listQueues: () => ({ queue: QUEUES }),
  });
  router.service(ReasonService, {
    listReasons: () => ({ version: 1, reason: REASONS }),
  });
}

function open(query: string) {
  window.location.hash = `#/queue?${query}`;
  const anna = { id: "anna", role: [ModeratorRole.REVIEWER] };
  renderOver(
    routes,
    <SelfContext value={create(GetSelfResponseSchema, { moderator: anna })}>
      <Queue />
    </SelfContext>,
  );
}

async function save(name: string) {
  fireEvent.click(screen.getByRole("button", { name: "Save view" }));
  const field = await screen.findByLabelText("Name of the view");
  fireEvent.change(field, { target: { value: name } });
  const form = field.closest("form");
  if (form) fireEvent.submit(form);
}

test("a filter is kept under a name, listed, and forgotten", async () => {
  open("severity=4&order=deadline");
  await save("Critical first");
  const link = await screen.findByRole("link", { name: "Critical first" });
  expect(link.getAttribute("href")).toBe("#/queue?severity=4&order=deadline");
  expect(localStorage.getItem("frank.views")).toContain("Critical first");
  fireEvent.click(screen.getByRole("button", { name: "Forget the view Critical first" }));
  expect(screen.queryByRole("link", { name: "Critical first" })).toBeNull();
  expect(localStorage.getItem("frank.views")).toBe("[]");
});

test("the same name is the same view", async () => {
  open("severity=4");
  await save("Mine");
  cleanup();
  open("severity=3");
  await save("Mine");
  expect(savedViews.get()).toEqual([
    { moderator: "anna", name: "Mine", query: "severity=3" },
  ]);
});

test("somebody else's views are not listed, nor forgotten with one's own", async () => {
  savedViews.set([{ moderator: "ben", name: "Mine", query: "severity=1" }]);
  open("severity=4");
  expect(screen.queryByRole("link", { name: "Mine" })).toBeNull();
  await save("Mine");
  fireEvent.click(await screen.findByRole("button", { name: "Forget the view Mine" }));
  expect(savedViews.get().map(({ moderator }) => moderator)).toEqual(["ben"]);
});

test("what names a person is not saved, and it is said why", () => {
  open("severity=4&accused=mimi://hub.example/u/mallory");
  const button = screen.getByRole("button", { name: "Save view" });
  expect(button.getAttribute("aria-disabled")).toBe("true");
  fireEvent.click(button);
  expect(screen.queryByLabelText("Name of the view")).toBeNull();
  expect(screen.getByText(/it names a person/)).toBeTruthy();
});

test("words of notes are searched for, in what the filter lets through", async () => {
  open("severity=4");
  const search = screen.getByRole("searchbox");
  fireEvent.change(search, { target: { value: "train station" } });
  const form = search.closest("form");
  if (form) fireEvent.submit(form);
  await waitFor(() => {
    expect(calls.map(({ method }) => method)).toContain("searchNotes");
  });
  const { request } = calls.at(-1) ?? { request: {} };
  expect(request).toMatchObject({ text: "train station", filter: { severity: [4] } });
  expect(window.location.hash).toContain("words=train+station");
  fireEvent.click(screen.getByRole("button", { name: /Take off: notes with train/ }));
  await waitFor(() => {
    expect(window.location.hash).toBe("#/queue?severity=4");
  });
});

test("what is in one's hands and what one decided are two presses away", () => {
  open("");
  const mine = screen.getByRole("link", { name: "In my hands" });
  const decided = screen.getByRole("link", { name: "Decided by me" });
  expect(mine.getAttribute("href")).toContain("moderator=anna");
  expect(decided.getAttribute("href")).toContain(`state=${String(CaseState.DECIDED)}`);
});

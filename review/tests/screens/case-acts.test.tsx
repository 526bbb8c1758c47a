import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ModeratorService } from "#gen/frank/v1/moderators_pb";
import { QueueService } from "#gen/frank/v1/queue_pb";
import { CaseSummarySchema, ReviewService } from "#gen/frank/v1/review_pb";
import { ActDialog, type ActName } from "../../src/screens/case/case-acts";
import { recording, type Call } from "../world/recorder";
import { refusal } from "../world/services";
import { renderOver } from "../world/setup";
import { bytesOf } from "../world/town";

const CASE_ID = bytesOf("case", 16);
const MORNING = "2026-12-01T09:00";
const summary = create(CaseSummarySchema, {
  caseId: CASE_ID,
  deadline: BigInt(Date.parse("2026-12-01T12:00")),
});

let calls: Call[];
let closed: () => void;
beforeEach(() => {
  calls = [];
  closed = vi.fn<() => void>();
});
afterEach(cleanup);

function open(name: ActName, refuses = false) {
  renderOver(
    (router) => {
      router.service(QueueService, {
        ...recording(
          calls,
          "holdCase",
          "handOverCase",
          "escalateCase",
          "tagCase",
          "takeOverCase",
        ),
        ...(refuses && {
          escalateCase: () => {
            throw refusal("LEASE_LOST", Code.FailedPrecondition);
          },
        }),
        listQueues: () => ({ queue: [{ name: "harm", title: "Harm" }] }),
      });
      router.service(ReviewService, recording(calls, "releaseCase"));
      router.service(ModeratorService, {
        listColleagues: () => ({ colleague: [{ id: "ben" }, { id: "sara" }] }),
      });
    },
    <ActDialog name={name} summary={summary} epoch={7n} onClose={closed} />,
  );
}

function fill(label: string, value: string) {
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
}

const until = BigInt(Date.parse(MORNING));
const evening = BigInt(Date.parse("2026-12-01T18:00"));
const TABLE: [
  ActName,
  fields: Record<string, string>,
  button: string,
  method: string,
  asked: object,
][] = [
  [
    "hold",
    { Until: MORNING, Why: "Asked the reporter." },
    "Put off",
    "holdCase",
    { epoch: 7n, until, reason: "Asked the reporter.", pastDeadline: false },
  ],
  [
    "hold",
    { Until: "2026-12-01T18:00", Why: "A court asks." },
    "Put off",
    "holdCase",
    { epoch: 7n, until: evening, reason: "A court asks.", pastDeadline: true },
  ],
  [
    "hand over",
    { To: "moderator sara", "Note for whoever takes it": "Yours." },
    "Hand over",
    "handOverCase",
    { epoch: 7n, note: "Yours.", to: { case: "moderator", value: "sara" } },
  ],
  [
    "hand over",
    { To: "queue harm", "Note for whoever takes it": "Harm." },
    "Hand over",
    "handOverCase",
    { epoch: 7n, note: "Harm.", to: { case: "queue", value: "harm" } },
  ],
  [
    "escalate",
    { Why: "Too grave." },
    "Escalate",
    "escalateCase",
    { epoch: 7n, note: "Too grave." },
  ],
  ["give back", {}, "Give back", "releaseCase", { epoch: 7n, note: "" }],
  [
    "give back",
    { "Note for whoever comes next": "My shift ends." },
    "Give back",
    "releaseCase",
    { epoch: 7n, note: "My shift ends." },
  ],
  [
    "tag",
    { "Tag: letters a-z, digits, - and _": "raid" },
    "Put on",
    "tagCase",
    { tag: "raid" },
  ],
  [
    "take over",
    { Why: "She is ill." },
    "Take over",
    "takeOverCase",
    { epoch: 7n, note: "She is ill." },
  ],
];

test.each(TABLE)("%s asks for what was filled in, once: %o", async (...row) => {
  const [name, fields, button, method, asked] = row;
  open(name);
  if (fields.To) await screen.findByRole("option", { name: "Harm" });
  if (fields.To) await screen.findByRole("option", { name: "sara" });
  await waitFor(() => {
    for (const [label, value] of Object.entries(fields)) fill(label, value);
    for (const [label, value] of Object.entries(fields)) {
      expect(screen.getByLabelText<HTMLInputElement>(label).value).toBe(value);
    }
  });
  fireEvent.click(screen.getByRole("button", { name: button }));
  await waitFor(() => {
    expect(closed).toHaveBeenCalledTimes(1);
  });
  expect(calls).toEqual([
    { method, request: expect.objectContaining({ caseId: CASE_ID, ...asked }) as object },
  ]);
});

test.each(["hold", "hand over", "escalate", "tag", "take over"] as const)(
  "%s is not sent without words",
  async (name) => {
    open(name);
    const form = screen.getByRole("dialog").querySelector("form");
    if (!form) throw new Error("no form");
    fireEvent.submit(form);
    // What was sent would be on its way, or back, a turn later.
    await act(() => new Promise((resolve) => setTimeout(resolve)));
    expect(form.querySelector("[aria-busy]")).toBeNull();
    expect(calls).toEqual([]);
    expect(closed).not.toHaveBeenCalled();
  },
);

test("an act that is refused is told, and what was written stays", async () => {
  open("escalate", true);
  fill("Why", "Too grave.");
  fireEvent.click(screen.getByRole("button", { name: "Escalate" }));
  await screen.findByRole("alert");
  expect(screen.getByLabelText<HTMLTextAreaElement>("Why").value).toBe("Too grave.");
  expect(closed).not.toHaveBeenCalled();
});

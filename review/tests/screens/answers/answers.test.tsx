import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  ActionKind,
  ApprovalCause,
  DecisionEventKind,
  DecisionSchema,
  DecisionService,
  DecisionState,
} from "#gen/frank/v1/decision_pb";
import { GetSelfResponseSchema, ModeratorRole } from "#gen/frank/v1/moderators_pb";
import { NoticeKind } from "#gen/frank/v1/message_pb";
import { ReasonService } from "#gen/frank/v1/reason_pb";
import {
  CaseState,
  CaseSummarySchema,
  GetCaseResponseSchema,
  ReviewService,
  Severity,
  type GetCaseRequest,
  type ListCasesRequest,
} from "#gen/frank/v1/review_pb";
import { fromHex, toHex } from "../../../src/api/ids";
import { SelfContext } from "../../../src/api/self";
import Appeals from "../../../src/screens/answers/appeals";
import Approvals from "../../../src/screens/answers/approvals";
import { noticeOf } from "../../../src/screens/case/decision-view";
import { lookedAt, lookedAtWords } from "../../../src/screens/case/looked-at";
import { renderOver } from "../../world/setup";
import { POLICIES, REASONS } from "../../world/tables";
import { bytesOf, evidenceOf } from "../../world/town";

const NOW = Date.now();
const DAY = 86_400_000;
const ACCUSED = "mimi://hub.example/u/mallory";
const CASE_ID = bytesOf("case", 16);
const TEXT = evidenceOf("text", { by: "accused", ago: 9, text: "Boo." }, ACCUSED, NOW);
const PHOTO = evidenceOf(
  "photo",
  {
    by: "accused",
    ago: 8,
    text: "Look.",
    file: { name: "a.png", mediaType: "image/png", body: new Uint8Array([1]) },
  },
  ACCUSED,
  NOW,
);

const decision = (more: Omit<MessageInitShape<typeof DecisionSchema>, "$typeName">) =>
  create(DecisionSchema, {
    decisionId: bytesOf("decision", 16),
    moderator: "anna",
    policy: "violence.threats",
    policyVersion: 1,
    reason: "proven",
    rationale: "Two threats.",
    action: [{ kind: ActionKind.SUSPEND, until: 0n }],
    decidedAt: BigInt(NOW - 9 * DAY),
    caseId: [CASE_ID],
    ...more,
  });

const summary = create(CaseSummarySchema, {
  caseId: CASE_ID,
  accusedUri: ACCUSED,
  severity: Severity.HIGH,
  state: CaseState.APPEALED,
  reason: ["violence.threat"],
  openedAt: BigInt(NOW - 10 * DAY),
  appealedAt: BigInt(NOW - 2 * DAY),
  deadline: BigInt(NOW + 5 * DAY + 60_000),
  revision: 7n,
  excludedModerator: ["anna"],
});

type Act = [actor: string, act: string, details?: object];
let acts: Act[];
let asked: (GetCaseRequest | ListCasesRequest | { pageToken: string })[];

const actList = () =>
  acts.map(([actor, act, details], i) => ({
    number: BigInt(i + 1),
    actor: `moderator:${actor}`,
    act,
    details: JSON.stringify(details ?? {}),
  }));
const reveal = (who: string, tag: Uint8Array, textOnly: boolean, bodies = 1): Act => [
  who,
  "evidence.revealed",
  { franking_tag: toHex(tag), text_only: textOnly, bodies, context: false },
];

function routes(router: ConnectRouter) {
  router.service(ReasonService, { listReasons: () => ({ version: 1, reason: REASONS }) });
  router.service(DecisionService, {
    listPolicies: () => POLICIES,
    listApprovals: (request) => {
      asked.push(request);
      const id = request.pageToken === "" ? "first" : "second";
      const state = DecisionState.PROPOSED;
      return {
        approval: [
          {
            decision: decision({
              state,
              decisionId: bytesOf(id, 16),
              approvalCause: [ApprovalCause.PERMANENT_SUSPENSION],
            }),
            accusedUri: `${ACCUSED}.${id}`,
          },
        ],
        nextPageToken: request.pageToken === "" ? "behind" : "",
      };
    },
  });
  router.service(ReviewService, {
    listCases: (request) => {
      asked.push(request);
      return { caseSummary: [summary], nextPageToken: "" };
    },
    getCase: (request) => {
      asked.push(request);
      const events = [{ kind: DecisionEventKind.APPEALED }];
      return {
        caseSummary: summary,
        evidence: [TEXT, PHOTO],
        decision: [decision({ state: DecisionState.MADE, event: events })],
      };
    },
    listActs: () => ({ act: actList() }),
  });
}

function open(page: React.ReactElement) {
  const self = { id: "sara", role: [ModeratorRole.SENIOR] };
  const answer = create(GetSelfResponseSchema, { moderator: self });
  renderOver(routes, <SelfContext value={answer}>{page}</SelfContext>);
}

beforeEach(() => {
  asked = [];
  acts = [
    reveal("ben", PHOTO.frankingTag, false),
    reveal("anna", TEXT.frankingTag, true),
    reveal("anna", PHOTO.frankingTag, true),
    ["anna", "decision.proposed"],
  ];
});
afterEach(cleanup);

test("an appeal is listed with its own age and deadline, and what it is against", async () => {
  open(<Appeals />);
  expect(await screen.findByText("2 d")).toBeTruthy();
  expect(screen.getByText("in 5 d")).toBeTruthy();
  expect(await screen.findByText("Two threats.")).toBeTruthy();
  expect(screen.getByText("suspend until further notice")).toBeTruthy();
  expect(screen.getByText(/Not for anna/)).toBeTruthy();
  // Nothing of it is a reveal.
  const shown = asked.find((one) => "revealNotes" in one);
  expect(shown).toMatchObject({ reveal: false, revealNotes: false, revealTag: [] });
});

test("who approves is told what the first person looked at", async () => {
  open(<Approvals />);
  const words =
    "anna read 2 of 2 messages and opened none of 1 with pictures or files; nothing has joined since.";
  expect(await screen.findByText(words)).toBeTruthy();
});

test("an approval says what the case is, what is told, and why two decide, once", async () => {
  open(<Approvals />);
  expect(await screen.findByText("high")).toBeTruthy();
  expect(screen.getByText("in 5 d")).toBeTruthy();
  expect(screen.getByText(toHex(CASE_ID).slice(0, 8))).toBeTruthy();
  expect(
    screen.getByText("that it is suspended, under which policy, and that it may appeal"),
  ).toBeTruthy();
  expect(screen.getAllByText(/the suspension has no end/).length).toBe(1);
});

test("the account is told the hardest of what is done, and follows by itself", () => {
  const warn = [{ kind: ActionKind.WARN }];
  expect(noticeOf(decision({ action: warn }))).toBe(NoticeKind.WARNED);
  const ladderStep = { kind: ActionKind.LIMIT };
  expect(noticeOf(decision({ action: warn, ladderStep }))).toBe(NoticeKind.LIMITED);
  expect(noticeOf(decision({ action: [{ kind: ActionKind.NONE }] }))).toBe(
    NoticeKind.UNSPECIFIED,
  );
});

test("a list of approvals goes on behind its first page", async () => {
  open(<Approvals />);
  expect(await screen.findByText(/mallory\.first/)).toBeTruthy();
  expect(screen.queryByText(/mallory\.second/)).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Show more" }));
  expect(await screen.findByText(/mallory\.second/)).toBeTruthy();
  await waitFor(() => {
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  });
  expect(asked.some((one) => "pageToken" in one && one.pageToken === "behind")).toBe(
    true,
  );
});

test("only what was shown to them before they proposed was looked at", () => {
  const shown = create(GetCaseResponseSchema, { evidence: [TEXT, PHOTO] });
  const looked = () => {
    const seen = lookedAt(
      actList().map((act) => ({
        ...act,
        $typeName: "frank.v1.ListActsResponse.Act" as const,
        time: 0n,
        subject: `case:${toHex(CASE_ID)}`,
        sha256: fromHex("") ?? new Uint8Array(),
      })),
      shown,
      "anna",
    );
    return seen && lookedAtWords("anna", seen);
  };
  acts.push(reveal("anna", PHOTO.frankingTag, false));
  expect(looked()).toContain("opened none of 1");
  acts.splice(3, 0, reveal("anna", PHOTO.frankingTag, false, 0));
  expect(looked()).toContain("opened none of 1");
  acts.splice(3, 0, reveal("anna", PHOTO.frankingTag, false));
  expect(looked()).toContain("opened 1 of 1");
  acts.push(["", "report.opened"]);
  expect(looked()).toContain("reports have joined since.");
  acts = acts.filter(([, act]) => act !== "decision.proposed");
  expect(looked()).toBeUndefined();
});

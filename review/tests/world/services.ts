// The services of a town: as much of their behaviour as the tool can notice.
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import {
  ActionKind,
  ApprovalCause,
  DecisionSchema,
  DecisionService,
  DecisionState,
  type Action,
  type DecideCaseRequest,
} from "#gen/frank/v1/decision_pb";
import { NoticeKind } from "#gen/frank/v1/message_pb";
import { ModeratorRole, ModeratorService } from "#gen/frank/v1/moderators_pb";
import { CaseChangeSchema, QueueService, type CaseChange } from "#gen/frank/v1/queue_pb";
import { ReasonService } from "#gen/frank/v1/reason_pb";
import { ReportOutcome } from "#gen/frank/v1/report_pb";
import {
  CaseState,
  ExposureCategory,
  ExposureSchema,
  GetCaseResponseSchema,
  ReviewService,
  type CaseSummary,
  type GetCaseRequest,
} from "#gen/frank/v1/review_pb";
import { ErrorInfoSchema } from "#gen/google/rpc/error_details_pb";
import { newId, toHex } from "../../src/api/ids";
import { POLICIES, QUEUES, REASONS } from "./tables";
import type { TownCase } from "./town";

export function refusal(reason: string, code = Code.FailedPrecondition): ConnectError {
  return new ConnectError("refused", code, undefined, [
    { desc: ErrorInfoSchema, value: { reason } },
  ]);
}

export class Town {
  readonly cases = new Map<string, TownCase>();
  self = { id: "anna", role: [ModeratorRole.REVIEWER], childSafety: false };
  leaseMs = 15 * 60_000;
  /** How many pieces of evidence an answer holds. */
  room = 100;
  undoMs = 60_000;
  /** How far the town's clock is ahead of the browser's. */
  aheadMs = 0;
  /** Calls by method, and what was revealed, for tests to look at. */
  readonly calls: string[] = [];
  readonly revealed: string[] = [];
  /** The revisions that the last approval named. */
  approved: bigint[] = [];
  readonly attendants: { moderator: string; since: bigint }[] = [];
  #watchers = new Set<(change: CaseChange) => void>();

  constructor(cases: TownCase[]) {
    for (const one of cases) this.cases.set(toHex(one.summary.caseId), one);
  }

  now(): number {
    return Date.now() + this.aheadMs;
  }

  find(id: Uint8Array): TownCase {
    const found = this.cases.get(toHex(id));
    if (!found) throw refusal("NOT_FOUND", Code.NotFound);
    return found;
  }

  /** Changes a case, and tells who watches. */
  change(summary: CaseSummary, how: (summary: CaseSummary) => void): CaseSummary {
    how(summary);
    summary.revision += 1n;
    const { caseId, revision, state, queue } = summary;
    const holder = summary.lease?.holder ?? "";
    const change = create(CaseChangeSchema, { caseId, revision, state, queue, holder });
    for (const tell of this.#watchers) tell(change);
    return summary;
  }

  give(summary: CaseSummary, holder: string): CaseSummary {
    const epoch = (summary.lease?.epoch ?? 0n) + 1n;
    const expiresAt = BigInt(this.now() + this.leaseMs);
    return this.change(summary, (s) => {
      s.lease = { $typeName: "frank.v1.Lease", holder, epoch, expiresAt };
    });
  }

  held(id: Uint8Array, epoch: bigint): TownCase {
    const found = this.find(id);
    const { lease } = found.summary;
    if (lease?.holder !== this.self.id || lease.epoch !== epoch) {
      throw refusal("LEASE_LOST", Code.FailedPrecondition);
    }
    return found;
  }

  exposure() {
    return create(ExposureSchema, {
      shiftStartedAt: BigInt(this.now() - 2 * 3_600_000),
      shiftEndsAt: BigInt(this.now() + 6 * 3_600_000),
      load: new Set(this.revealed).size,
      breakDueLoad: 40,
      category: [
        {
          category: ExposureCategory.TEXT,
          pieces: new Set(this.revealed).size + 11,
          budget: 400,
        },
        { category: ExposureCategory.GRAPHIC, pieces: 2, budget: 60 },
      ],
    });
  }

  show(one: TownCase, request: Partial<GetCaseRequest>) {
    const wanted = new Set((request.revealTag ?? []).map(toHex));
    const only =
      request.frankingTag && request.frankingTag.length > 0
        ? toHex(request.frankingTag)
        : "";
    const pieces = (list: TownCase["evidence"]) =>
      list
        .filter((piece) => only === "" || toHex(piece.frankingTag) === only)
        .map((piece) => {
          const tag = toHex(piece.frankingTag);
          const isShown = request.reveal === true || wanted.has(tag);
          if (isShown) this.revealed.push(tag);
          if (isShown) return piece;
          const hidden = { body: new Uint8Array(), sha256: new Uint8Array() };
          return {
            ...piece,
            part: piece.part.map((part) => ({ ...part, ...hidden })),
            file: piece.file.map((file) => ({
              ...file,
              chunk: file.chunk.map((chunk) => ({ ...chunk, ...hidden })),
            })),
          };
        });
    const from = Number(request.pageToken ?? "");
    const evidence = pieces(one.evidence).slice(from, from + this.room);
    const rest = pieces(one.evidence).length > from + this.room;
    return create(GetCaseResponseSchema, {
      caseSummary: one.summary,
      evidence,
      context: from > 0 ? [] : pieces(one.context),
      nextPageToken: rest ? (from + this.room).toString() : "",
      report: one.reports.map((report) =>
        request.revealNotes ? report : { ...report, note: "" },
      ),
      decision: one.decisions,
      note: one.notes.map((note) => (request.revealNotes ? note : { ...note, text: "" })),
      mismatchNotices: 1n,
      // Told with what is revealed, and not before.
      ...((request.reveal || request.revealNotes || wanted.size > 0) && {
        exposure: this.exposure(),
      }),
    });
  }

  async *watch(signal: AbortSignal) {
    const waiting: CaseChange[] = [];
    let wake = () => {};
    const tell = (change: CaseChange) => {
      waiting.push(change);
      wake();
    };
    this.#watchers.add(tell);
    signal.addEventListener("abort", () => wake());
    try {
      yield { token: new Uint8Array([1]) };
      while (!signal.aborted) {
        if (waiting.length > 0)
          yield { change: waiting.splice(0), token: new Uint8Array([1]) };
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.#watchers.delete(tell);
    }
  }

  open(): TownCase[] {
    return [...this.cases.values()].filter(
      ({ summary }) => summary.state === CaseState.OPEN,
    );
  }
}

/** Where text is expected, what was disclosed as text alone. */
function textsOf({ summary, evidence, context }: TownCase): Uint8Array[] {
  if (summary.exposure !== ExposureCategory.TEXT) return [];
  return [...evidence, ...context]
    .filter(({ part, file }) => part.length > 0 && file.length === 0)
    .map(({ frankingTag }) => frankingTag);
}

function approvalCauses(actions: Action[]): ApprovalCause[] {
  return actions.flatMap(({ kind, until }) => {
    if (kind === ActionKind.SUSPEND && until === 0n)
      return [ApprovalCause.PERMANENT_SUSPENSION];
    if (kind === ActionKind.REFER) return [ApprovalCause.REFERRAL];
    return kind === ActionKind.DELETE_EVIDENCE ? [ApprovalCause.DELETION] : [];
  });
}

function acts(actions: Action[]): boolean {
  return !actions.some(
    ({ kind }) => kind === ActionKind.NONE || kind === ActionKind.ASK_REPORTER,
  );
}

function decide(town: Town, request: DecideCaseRequest) {
  const causes = approvalCauses(request.action);
  const cases = request.heldCase.map(({ caseId, epoch, seenRevision }) => {
    const one = town.held(caseId, epoch);
    if (seenRevision < one.summary.joinedRevision) throw refusal("NEW_EVIDENCE");
    return one;
  });
  const decision = create(DecisionSchema, {
    decisionId: request.decisionId,
    moderator: town.self.id,
    policy: request.policy,
    policyVersion: 1,
    reason: request.reason,
    rationale: request.rationale,
    action: request.action,
    decidedAt: BigInt(town.now()),
    outcome: acts(request.action) ? ReportOutcome.ACTION_TAKEN : ReportOutcome.NO_ACTION,
    state: causes.length > 0 ? DecisionState.PROPOSED : DecisionState.MADE,
    caseId: request.heldCase.map(({ caseId }) => caseId),
    effectsDueAt: causes.length > 0 ? 0n : BigInt(town.now() + town.undoMs),
    approvalCause: causes,
  });
  for (const one of cases) {
    one.decisions.push(decision);
    town.change(one.summary, (summary) => {
      summary.state = causes.length > 0 ? CaseState.AWAITING_APPROVAL : CaseState.DECIDED;
      delete summary.lease;
    });
  }
  return { decision, actHash: newId() };
}

function findDecision(town: Town, id: Uint8Array) {
  for (const one of town.cases.values()) {
    const decision = one.decisions.find((d) => toHex(d.decisionId) === toHex(id));
    if (decision) return { one, decision };
  }
  throw refusal("NOT_FOUND", Code.NotFound);
}

function decisionRoutes(town: Town, router: ConnectRouter): void {
  router.service(DecisionService, {
    listPolicies: () => POLICIES,
    listStrikes: () => ({
      strike: [
        {
          decisionId: newId(),
          policy: "harassment.targeted",
          weight: 1,
          addedAt: BigInt(town.now() - 32 * 86_400_000),
          expiresAt: BigInt(town.now() + 58 * 86_400_000),
        },
      ],
      strikeCount: 1,
      account: { messagesAnHour: 20, limitedUntil: BigInt(Date.now() + 86_400_000) },
    }),
    previewDecision: ({ action, policy, caseId }) => {
      const weight = acts(action)
        ? (POLICIES.policy.find((p) => p.policy === policy)?.strikeWeight ?? 0)
        : 0;
      const suspend = action.find(({ kind }) => kind === ActionKind.SUSPEND);
      return {
        strikeWeight: weight,
        strikeLifetimeMs: POLICIES.strikeLifetimeMs,
        ...(weight > 0 && {
          ladderStep: {
            strikeCount: 1 + weight,
            kind: ActionKind.LIMIT,
            durationMs: 604_800_000n,
            messagesAnHour: 20,
          },
        }),
        account: {
          suspended: suspend !== undefined,
          suspendedUntil: suspend?.until ?? 0n,
          notice: suspend ? NoticeKind.SUSPENDED : NoticeKind.UNSPECIFIED,
        },
        told: [
          {
            outcome: acts(action) ? ReportOutcome.ACTION_TAKEN : ReportOutcome.NO_ACTION,
            count: 2 * caseId.length,
          },
        ],
        approvalCause: approvalCauses(action),
        leastWaitMs: BigInt(town.undoMs),
        mostWaitMs: BigInt(town.undoMs * 2),
      };
    },
    decideCase: (request) => decide(town, request),
    undoDecision: ({ decisionId }) => {
      const { one, decision } = findDecision(town, decisionId);
      decision.state = DecisionState.UNDONE;
      town.change(one.summary, (summary) => (summary.state = CaseState.OPEN));
      const { caseId, lease } = town.give(one.summary, town.self.id);
      return { decision, heldCase: [{ caseId, epoch: lease?.epoch ?? 0n }] };
    },
    withdrawDecision: ({ decisionId }) => {
      const { one, decision } = findDecision(town, decisionId);
      decision.state = DecisionState.WITHDRAWN;
      town.change(one.summary, (summary) => (summary.state = CaseState.OPEN));
      const { caseId, lease } = town.give(one.summary, town.self.id);
      return { decision, heldCase: [{ caseId, epoch: lease?.epoch ?? 0n }] };
    },
    listApprovals: () => ({
      approval: [...town.cases.values()].flatMap(({ summary, decisions }) =>
        decisions
          .filter(({ state }) => state === DecisionState.PROPOSED)
          .map((decision) => ({ decision, accusedUri: summary.accusedUri })),
      ),
    }),
    approveDecision: ({ decisionId, seenRevision }) => {
      const { one, decision } = findDecision(town, decisionId);
      if (decision.moderator === town.self.id)
        throw refusal("SECOND_PERSON", Code.PermissionDenied);
      town.approved = seenRevision;
      decision.state = DecisionState.MADE;
      decision.effectsDueAt = BigInt(town.now() + town.undoMs);
      town.change(one.summary, (summary) => (summary.state = CaseState.DECIDED));
      return { decision };
    },
    refuseDecision: ({ decisionId }) => {
      const { one, decision } = findDecision(town, decisionId);
      decision.state = DecisionState.REFUSED;
      town.change(one.summary, (summary) => (summary.state = CaseState.OPEN));
      return { decision };
    },
  });
}

function reviewRoutes(town: Town, router: ConnectRouter): void {
  router.service(ReviewService, {
    listCases: ({ filter, pageSize, pageToken }) => {
      const from = Number(pageToken || "0");
      const size = pageSize || 50;
      const states = filter && filter.state.length > 0 ? filter.state : [CaseState.OPEN];
      const all = [...town.cases.values()]
        .map(({ summary }) => summary)
        .filter((s) => states.includes(s.state))
        .filter((s) => !filter?.queue.length || filter.queue.includes(s.queue))
        .filter((s) => !filter?.severity.length || filter.severity.includes(s.severity))
        .filter(
          (s) =>
            !filter?.reason.length || s.reason.some((r) => filter.reason.includes(r)),
        )
        .filter((s) => !filter?.accusedUri || s.accusedUri === filter.accusedUri)
        .filter((s) => !filter?.moderator || s.lease?.holder === filter.moderator)
        .sort((a, b) => b.severity - a.severity || Number(a.deadline - b.deadline));
      return {
        caseSummary: all.slice(from, from + size),
        nextPageToken: from + size < all.length ? (from + size).toString() : "",
      };
    },
    claimCase: ({ caseId, show, revealNotes, revealTexts, filter }) => {
      town.calls.push("claimCase");
      const queue = filter?.queue ?? [];
      const isNext = ({ summary }: TownCase) =>
        !summary.lease && (queue.length === 0 || queue.includes(summary.queue));
      const one = caseId.length > 0 ? town.find(caseId) : town.open().find(isNext);
      if (!one) return { outcome: { case: "nothingWaiting", value: {} } };
      const { lease } = one.summary;
      if (lease && lease.holder !== town.self.id && lease.expiresAt > town.now()) {
        return { outcome: { case: "held", value: lease } };
      }
      const summary = town.give(one.summary, town.self.id);
      const revealTag = revealTexts ? textsOf(one) : [];
      return {
        outcome: { case: "claimed", value: summary },
        ...(show && { shown: town.show(one, { revealNotes, revealTag }) }),
      };
    },
    getCase: (request) => {
      town.calls.push("getCase");
      return town.show(town.find(request.caseId), request);
    },
    renewLease: ({ caseId, epoch }) => {
      const { summary } = town.held(caseId, epoch);
      if (summary.lease) summary.lease.expiresAt = BigInt(town.now() + town.leaseMs);
      return { ...(summary.lease && { lease: summary.lease }), caseSummary: summary };
    },
    releaseCase: ({ caseId, epoch }) => {
      town.change(town.held(caseId, epoch).summary, (s) => delete s.lease);
      return {};
    },
    listActs: () => ({ act: [] }),
  });
}

function queueRoutes(town: Town, router: ConnectRouter): void {
  router.service(QueueService, {
    listQueues: () => ({
      queue: QUEUES.map((queue) => {
        const here = town.open().filter(({ summary }) => summary.queue === queue.name);
        const opened = here
          .map(({ summary }) => summary.openedAt)
          .sort((a, b) => Number(a - b));
        return {
          ...queue,
          openCount: BigInt(here.length),
          oldestOpenedAt: opened[0] ?? 0n,
          overdueCount: BigInt(
            here.filter(({ summary }) => summary.deadline < town.now()).length,
          ),
        };
      }),
    }),
    watchCases: (_, { signal }) => town.watch(signal),
    attendCase: () => ({ attendant: town.attendants }),
    addNote: ({ caseId, text }) => {
      const one = town.find(caseId);
      one.notes.push({ moderator: town.self.id, writtenAt: BigInt(town.now()), text });
      return { caseSummary: town.change(one.summary, () => {}) };
    },
    markDuplicate: ({ caseId, epoch, intoCaseId }) => {
      town.calls.push("markDuplicate");
      const { summary } = town.held(caseId, epoch);
      town.change(summary, (s) => {
        s.state = CaseState.DUPLICATE;
        s.duplicateOf = intoCaseId;
        delete s.lease;
      });
      return { caseSummary: summary, into: town.find(intoCaseId).summary };
    },
    holdCase: ({ caseId, epoch, until }) => ({
      caseSummary: town.change(town.held(caseId, epoch).summary, (summary) => {
        summary.state = CaseState.ON_HOLD;
        summary.holdUntil = until;
        delete summary.lease;
      }),
    }),
  });
}

export function routesOf(town: Town): (router: ConnectRouter) => void {
  return (router) => {
    router.service(ModeratorService, {
      getSelf: () => ({ moderator: town.self, exposure: town.exposure() }),
      getExposure: () => ({ exposure: town.exposure() }),
    });
    router.service(ReasonService, {
      listReasons: () => ({ version: 1, reason: REASONS }),
    });
    reviewRoutes(town, router);
    queueRoutes(town, router);
    decisionRoutes(town, router);
  };
}

// The services behind the screens of seniors, auditors and administrators, in
// memory: figures, an audit log, moderators, configuration, retention.
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Code, type ConnectRouter } from "@connectrpc/connect";
import { AuditService } from "#gen/frank/v1/audit_pb";
import type { RoutingRule } from "#gen/frank/v1/configuration_pb";
import {
  ModeratorRole,
  ModeratorSchema,
  ModeratorService,
  ModeratorSource,
  type Moderator,
} from "#gen/frank/v1/moderators_pb";
import { QueueService } from "#gen/frank/v1/queue_pb";
import { ExposureCategory } from "#gen/frank/v1/review_pb";
import {
  ReferralSchema,
  ReferralService,
  ReferralState,
  type Referral,
} from "#gen/frank/v1/referral_pb";
import { ReporterService } from "#gen/frank/v1/reporters_pb";
import { toHex } from "../../src/api/ids";
import { parseEntry } from "../../src/audit/entry";
import type { auditLog } from "./audit-log";
import { configurationRoutes, retentionRoutes } from "./office-configuration";
import { chance, figureRoutes } from "./office-figures";
import { refusal } from "./services";
import { QUEUES } from "./tables";
import { bytesOf } from "./town";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const moderator = (
  id: string,
  role: ModeratorRole[],
  more: Omit<MessageInitShape<typeof ModeratorSchema>, "$typeName"> = {},
) =>
  create(ModeratorSchema, {
    id,
    role,
    source: ModeratorSource.LOCAL,
    addedAt: BigInt(Date.UTC(2026, 1, 3)),
    ...more,
  });

function referrals(): Referral[] {
  const referral = (
    name: string,
    state: ReferralState,
    more: Omit<MessageInitShape<typeof ReferralSchema>, "$typeName"> = {},
  ) =>
    create(ReferralSchema, {
      decisionId: bytesOf(`${name} decision`, 16),
      caseId: [bytesOf(`${name} case`, 16)],
      accusedUri: `mimi://hub.example/u/${name}`,
      policy: "violence.threat",
      state,
      decidedAt: BigInt(Date.now() - 2 * DAY),
      dueAt: BigInt(Date.now() - DAY),
      ...more,
    });
  const assigned = {
    authority: "police",
    assignedBy: "sara",
    assignedAt: BigInt(Date.now() - DAY),
  };
  return [
    referral("mallory", ReferralState.WAITING),
    referral("trent", ReferralState.ASSIGNED, assigned),
    referral("oscar", ReferralState.HANDED_OVER, {
      ...assigned,
      handedOverAt: BigInt(Date.now() - 5 * HOUR),
      recordedBy: "sven",
      recordedAt: BigInt(Date.now() - 4 * HOUR),
      reference: "AZ 17/26",
    }),
  ];
}

export class Office {
  self = {
    id: "olga",
    role: [ModeratorRole.ADMINISTRATOR],
    childSafety: false,
    source: ModeratorSource.LOCAL,
  };
  readonly moderators = new Map<string, Moderator>();
  /** SHA-256 of each account's token, in hex. */
  readonly tokens = new Map<string, string>();
  readonly log: ReturnType<typeof auditLog>;
  /** The rules of the last dry run. */
  proposed: RoutingRule[] = [];
  pendingSince = 0n;
  /** Who is muted, and how many of their reports wait. */
  readonly mutes = new Map([
    ["mimi://hub.example/u/grumble", 3],
    ["mimi://hub.example/u/snipe", 20],
  ]);
  readonly referrals: Referral[];
  /** Who proposed what is referred. */
  proposer = "anna";
  calls: string[] = [];

  constructor(log: ReturnType<typeof auditLog>) {
    this.log = log;
    this.referrals = referrals();
    for (const one of [
      moderator("anna", [ModeratorRole.REVIEWER], { childSafety: true }),
      moderator("ben", [ModeratorRole.REVIEWER], {
        linkedAccount: ["mimi://hub.example/u/benedict"],
      }),
      moderator("olga", [ModeratorRole.ADMINISTRATOR]),
      moderator("sara", [ModeratorRole.REVIEWER, ModeratorRole.SENIOR]),
      moderator("theo", [ModeratorRole.REVIEWER], { disabled: true }),
      moderator("root", [ModeratorRole.ADMINISTRATOR], {
        source: ModeratorSource.CONFIGURATION,
        addedAt: 0n,
      }),
      moderator("oidc:f3a9", [], { source: ModeratorSource.PROVIDER, addedAt: 0n }),
    ]) {
      this.moderators.set(one.id, one);
    }
  }

  find(id: string): Moderator {
    const found = this.moderators.get(id);
    if (!found) throw refusal("NOT_FOUND", Code.NotFound);
    return found;
  }
}

function queueRoutes(router: ConnectRouter): void {
  router.service(QueueService, {
    listQueues: () => ({
      queue: QUEUES.map((queue, i) => ({
        ...queue,
        openCount: BigInt(Math.round(60 * chance(queue.name))),
        heldCount: BigInt(i % 3),
        onHoldCount: BigInt(i % 4),
        awaitingApprovalCount: BigInt(i % 2),
        appealedCount: BigInt(Math.round(4 * chance(`${queue.name}a`))),
        oldestOpenedAt: BigInt(Date.now() - (i + 1) * 5 * HOUR),
        firstDeadline: BigInt(Date.now() + (i - 1) * 2 * HOUR),
        overdueCount: i === 0 ? 3n : 0n,
      })),
    }),
    watchCases: async function* (_, { signal }) {
      yield { token: Uint8Array.of(1) };
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
  });
}

function exposureOf(text: number, graphic: number, childSafety: number) {
  const since = BigInt(Date.now() - 3 * HOUR);
  return {
    shiftStartedAt: since,
    shiftEndsAt: since + BigInt(8 * HOUR),
    category: [
      { category: ExposureCategory.TEXT, pieces: text, budget: 400 },
      { category: ExposureCategory.GRAPHIC, pieces: graphic, budget: 60 },
      { category: ExposureCategory.CHILD_SAFETY, pieces: childSafety, budget: 20 },
    ],
    load: (text + graphic) % 40,
    breakDueLoad: 40,
  };
}

function moderatorRoutes(office: Office, router: ConnectRouter): void {
  router.service(ModeratorService, {
    getSelf: () => ({ moderator: office.self }),
    listModerators: () => ({ moderator: [...office.moderators.values()] }),
    getModerator: ({ id }) => ({
      moderator: office.find(id),
      exposure: exposureOf(33, 4, 0),
    }),
    addModerator: (request) => {
      if (office.moderators.has(request.id)) {
        throw refusal("ID_CONFLICT", Code.AlreadyExists);
      }
      const { id, role, childSafety, linkedAccount } = request;
      const added = moderator(id, role, { childSafety, linkedAccount });
      office.moderators.set(id, added);
      office.tokens.set(id, toHex(request.tokenSha256));
      return { moderator: added };
    },
    setModeratorRoles: ({ id, role, childSafety }) => {
      const administrators = [...office.moderators.values()].filter(
        (one) => one.id !== id && one.role.includes(ModeratorRole.ADMINISTRATOR),
      );
      if (administrators.length === 0) throw refusal("LAST_ADMINISTRATOR");
      const changed = office.find(id);
      Object.assign(changed, { role, childSafety });
      return { moderator: changed };
    },
    linkAccount: ({ id, accountUri, unlink }) => {
      const changed = office.find(id);
      changed.linkedAccount = changed.linkedAccount.filter((uri) => uri !== accountUri);
      if (!unlink) changed.linkedAccount.push(accountUri);
      return { moderator: changed };
    },
    enableModerator: ({ id, enabled }) => {
      const changed = office.find(id);
      changed.disabled = !enabled;
      return { moderator: changed };
    },
    replaceModeratorToken: ({ id, tokenSha256 }) => {
      office.tokens.set(id, toHex(tokenSha256));
      return { moderator: office.find(id) };
    },
    replaceOwnToken: ({ tokenSha256 }) => {
      office.tokens.set(office.self.id, toHex(tokenSha256));
      return {};
    },
    listModeratorActs: ({ id }) => ({
      act: [
        {
          number: 1n,
          time: BigInt(Date.UTC(2026, 1, 3)),
          actor: "moderator:root",
          act: "moderator.added",
          subject: `moderator:${id}`,
          details: '{"act_number":1,"role":"reviewer"}',
          sha256: bytesOf(id, 32),
        },
      ],
    }),
    listExposure: () => ({
      moderatorExposure: [
        { moderator: "anna", exposure: exposureOf(112, 12, 20) },
        { moderator: "ben", exposure: exposureOf(230, 41, 0) },
        { moderator: "oidc:f3a9", exposure: exposureOf(9, 0, 0) },
      ],
    }),
  });
}

function auditRoutes(office: Office, router: ConnectRouter): void {
  const { log } = office;
  const indexOf = (hash: (entry: Uint8Array) => boolean) => {
    const index = log.entries.findIndex(hash);
    if (index < 0) throw refusal("NOT_FOUND", Code.NotFound);
    return index;
  };
  router.service(AuditService, {
    getCheckpoint: () => ({
      checkpoint: log.checkpointAt(log.entries.length, Date.now() - 4000),
      signedAt: BigInt(Date.now() - 4000),
      pendingSince: office.pendingSince,
    }),
    getInclusionProof: ({ entry }) => {
      if (entry.case !== "act") throw refusal("NOT_FOUND", Code.NotFound);
      const { subject, number } = entry.value;
      const index = indexOf((bytes) => {
        const read = parseEntry(bytes);
        return read?.subject === subject && read.actNumber === Number(number);
      });
      return { outcome: { case: "proof", value: log.inclusion(index) } };
    },
    getConsistencyProof: ({ oldSize, newSize }) => ({
      proof: log.consistency(Number(oldSize), Number(newSize)),
    }),
    exportEntries: async function* ({ firstIndex, endIndex }) {
      office.calls.push(`export ${firstIndex.toString()} ${endIndex.toString()}`);
      for (let at = Number(firstIndex); at < Number(endIndex); at += 100) {
        const end = Math.min(at + 100, Number(endIndex));
        const entry = log.entries.slice(at, end);
        yield await Promise.resolve({
          entry: entry.map((bytes, i) => ({ leafIndex: BigInt(at + i), entry: bytes })),
        });
      }
    },
  });
}

function openReferral(office: Office, id: Uint8Array): Referral {
  const found = office.referrals.find((one) => toHex(one.decisionId) === toHex(id));
  if (!found) throw refusal("NOT_FOUND", Code.NotFound);
  const { state } = found;
  if (state !== ReferralState.WAITING && state !== ReferralState.ASSIGNED) {
    throw refusal("REFERRAL_STATE");
  }
  return found;
}

function referralRoutes(office: Office, router: ConnectRouter): void {
  router.service(ReferralService, {
    // Two pages, as a service may answer at any time.
    listReferrals: ({ state, pageToken }) => {
      const all = office.referrals.filter(
        (one) => state === ReferralState.UNSPECIFIED || one.state === state,
      );
      if (pageToken !== "") return { referral: all.slice(1) };
      const authority = [{ name: "police", title: "The police" }];
      return { referral: all.slice(0, 1), authority, nextPageToken: "2" };
    },
    assignReferral: ({ decisionId, authority }) => {
      const referral = openReferral(office, decisionId);
      const { id: assignedBy } = office.self;
      Object.assign(referral, { authority, assignedBy, state: ReferralState.ASSIGNED });
      return { referral };
    },
    recordHandover: ({ decisionId, authority, reference, handedOverAt }) => {
      if (office.self.id === office.proposer) throw refusal("SECOND_PERSON");
      const referral = openReferral(office, decisionId);
      const state = ReferralState.HANDED_OVER;
      Object.assign(referral, { authority, reference, handedOverAt, state });
      return { referral };
    },
    withdrawReferral: ({ decisionId }) => {
      const referral = openReferral(office, decisionId);
      const withdrawnAt = BigInt(Date.now());
      const { id: withdrawnBy } = office.self;
      const state = ReferralState.WITHDRAWN;
      return { referral: Object.assign(referral, { state, withdrawnBy, withdrawnAt }) };
    },
  });
}

function reporterRoutes(office: Office, router: ConnectRouter): void {
  router.service(ReporterService, {
    listMutes: () => ({
      mute: [...office.mutes].map(([reporterUri, heldCount]) => ({
        reporterUri,
        heldCount,
        until: BigInt(Date.now() + 3 * DAY),
        mutedBy: "sara",
        moreHeld: heldCount === 20,
      })),
    }),
    releaseReports: ({ reporterUri }) => {
      office.mutes.set(reporterUri, 0);
      return { reporter: { reporterUri } };
    },
    unmuteReporter: ({ reporterUri }) => {
      office.mutes.delete(reporterUri);
      return { reporter: { reporterUri } };
    },
  });
}

export function officeRoutes(office: Office): (router: ConnectRouter) => void {
  return (router) => {
    figureRoutes(router);
    queueRoutes(router);
    moderatorRoutes(office, router);
    auditRoutes(office, router);
    configurationRoutes(office, router);
    retentionRoutes(router);
    referralRoutes(office, router);
    reporterRoutes(office, router);
  };
}

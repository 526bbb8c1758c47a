// The configuration of an office and what it says of retention.
import { create } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import {
  ConfigurationService,
  GetConfigurationResponseSchema,
} from "#gen/frank/v1/configuration_pb";
import { DecisionService } from "#gen/frank/v1/decision_pb";
import { ReasonService } from "#gen/frank/v1/reason_pb";
import {
  RetentionClass,
  RetentionObstacle,
  RetentionService,
} from "#gen/frank/v1/retention_pb";
import { ExposureCategory, ProofStatus, Severity } from "#gen/frank/v1/review_pb";
import type { Office } from "./office";
import { POLICIES, QUEUES, REASONS } from "./tables";
import { bytesOf } from "./town";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const CONFIGURATION = create(GetConfigurationResponseSchema, {
  queue: QUEUES,
  rule: [
    { queue: "child-safety", policyArea: ["child_safety"] },
    { queue: "harm", reason: ["violence.threat"], minSeverity: Severity.HIGH },
    { queue: "general", proof: [ProofStatus.UNPROVEN], maxReporterWeight: 200 },
  ],
  retentionClock: [
    { retentionClass: RetentionClass.UNPROVEN, keepMs: BigInt(30 * DAY) },
    { retentionClass: RetentionClass.PROVEN, keepMs: BigInt(180 * DAY) },
    { retentionClass: RetentionClass.DECIDED, keepMs: BigInt(365 * DAY) },
    { retentionClass: RetentionClass.REFERRED, keepMs: BigInt(5 * 365 * DAY) },
  ],
  keepAuditMs: BigInt(3 * 365 * DAY),
  target: [
    {
      queue: ["harm", "child-safety"],
      firstActionMs: BigInt(15 * MINUTE),
      inTimePerMille: 950,
      upheldPerMille: 980,
    },
    {
      firstActionMs: BigInt(8 * HOUR),
      decisionMs: BigInt(2 * DAY),
      inTimePerMille: 900,
      upheldPerMille: 950,
    },
  ],
  exposure: {
    shiftMs: BigInt(8 * HOUR),
    breakMs: BigInt(15 * MINUTE),
    breakDueLoad: 40,
    budget: [
      { category: ExposureCategory.TEXT, pieces: 400, load: 1 },
      { category: ExposureCategory.GRAPHIC, pieces: 60, load: 4 },
      { category: ExposureCategory.CHILD_SAFETY, pieces: 20, load: 10 },
    ],
  },
  leaseMs: BigInt(15 * MINUTE),
  handOverMs: BigInt(4 * HOUR),
  undoWindowMs: BigInt(MINUTE),
  leastEffectDelayMs: BigInt(2 * MINUTE),
  mostEffectDelayMs: BigInt(30 * MINUTE),
  reasonVersion: 1,
  policyVersion: 1,
});

export function configurationRoutes(office: Office, router: ConnectRouter): void {
  router.service(ConfigurationService, {
    getConfiguration: () => CONFIGURATION,
    // Two pages with the same pair on both, which is to be added up.
    dryRunRouting: ({ rule, pageToken }) => {
      office.proposed = rule;
      const moved = {
        queueNow: "harassment",
        queueProposed: rule.at(-1)?.queue ?? "general",
        caseCount: 7,
        exampleCaseId: [bytesOf(`example${pageToken}`, 16)],
      };
      const stay = { queueNow: "harm", queueProposed: "harm", caseCount: 40 };
      return pageToken === ""
        ? { routedPair: [moved, stay], caseCount: 47, nextPageToken: "2" }
        : { routedPair: [moved], caseCount: 7 };
    },
  });
  router.service(ReasonService, { listReasons: () => ({ version: 1, reason: REASONS }) });
  router.service(DecisionService, { listPolicies: () => POLICIES });
}

export function retentionRoutes(router: ConnectRouter): void {
  router.service(RetentionService, {
    listDue: () => ({
      dueCase: [
        {
          caseId: bytesOf("due 1", 16),
          policyArea: "harassment",
          retentionClass: RetentionClass.UNPROVEN,
          closedAt: BigInt(Date.now() - 30 * DAY),
          dueAt: BigInt(Date.now() - HOUR),
          obstacle: [RetentionObstacle.APPEAL_PERIOD],
        },
        {
          caseId: bytesOf("due 2", 16),
          policyArea: "deception",
          retentionClass: RetentionClass.PROVEN,
          closedAt: BigInt(Date.now() - 179 * DAY),
          dueAt: BigInt(Date.now() + DAY),
        },
      ],
      reviewKey: [
        {
          reviewKeyId: bytesOf("key", 8),
          notAfter: BigInt(Date.now() - 80 * DAY),
          destroyAt: BigInt(Date.now() + 10 * DAY),
        },
      ],
    }),
    listLegalHolds: () => ({
      legalHold: [
        {
          holdId: bytesOf("hold", 16),
          caseId: bytesOf("held", 16),
          moderator: "sara",
          placedAt: BigInt(Date.now() - 12 * DAY),
        },
      ],
    }),
  });
}

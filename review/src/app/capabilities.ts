// What a role is shown. The service decides what is allowed; this only spares
// people what they would be refused. Mirrors its table of permissions.
import { ModeratorRole, type Moderator } from "#gen/frank/v1/moderators_pb";

const { REVIEWER, SENIOR, AUDITOR, ADMINISTRATOR } = ModeratorRole;

const TABLE = {
  listCases: [REVIEWER, SENIOR, AUDITOR],
  workOnCases: [REVIEWER, SENIOR],
  takeOver: [SENIOR],
  seeApprovals: [REVIEWER, SENIOR],
  approve: [SENIOR],
  seeReporters: [REVIEWER, SENIOR, AUDITOR],
  muteReporters: [SENIOR],
  seeMutes: [REVIEWER, SENIOR, AUDITOR],
  holdLegally: [SENIOR],
  export: [SENIOR],
  seeReferrals: [SENIOR, AUDITOR],
  handReferralsOver: [SENIOR],
  seeFigures: [SENIOR, AUDITOR, ADMINISTRATOR],
  seeCheckpoint: [SENIOR, AUDITOR, ADMINISTRATOR],
  proveInclusion: [REVIEWER, SENIOR, AUDITOR, ADMINISTRATOR],
  readLog: [AUDITOR, ADMINISTRATOR],
  seeModerators: [AUDITOR, ADMINISTRATOR],
  administer: [ADMINISTRATOR],
  seePolicies: [REVIEWER, SENIOR, AUDITOR, ADMINISTRATOR],
  seeRetention: [SENIOR, AUDITOR, ADMINISTRATOR],
  seeConfiguration: [SENIOR, AUDITOR, ADMINISTRATOR],
  tryRouting: [SENIOR, ADMINISTRATOR],
} as const satisfies Record<string, readonly ModeratorRole[]>;

export type Capability = keyof typeof TABLE;

export function can(self: Pick<Moderator, "role">, what: Capability): boolean {
  const roles: readonly ModeratorRole[] = TABLE[what];
  return self.role.some((role) => roles.includes(role));
}

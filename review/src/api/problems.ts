// What the service refuses, in words. The one table of reasons stands here.
import { Code, ConnectError } from "@connectrpc/connect";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
} from "#gen/google/rpc/error_details_pb";

/** A refusal or failure, as a person is told of it. */
export interface Problem {
  /** Of errors.proto, without its prefix; empty when none was given. */
  reason: string;
  code: Code;
  /** What happened, and what helps. */
  title: string;
  advice: string;
  /** Fields that broke a rule. */
  fields: { field: string; rule: string }[];
  /** Waiting so long helps, milliseconds; 0: not known. */
  retryAfterMs: number;
}

type Words = readonly [title: string, advice: string];

const REASONS: Readonly<Record<string, Words>> = {
  FIELD_INVALID: [
    "Something in this form is not allowed",
    "See the fields that are marked.",
  ],
  CREDENTIAL_INVALID: [
    "You are not signed in any more",
    "Sign in again; what you wrote stays here.",
  ],
  NOT_PERMITTED: ["Your role does not allow this", "Ask a senior or an administrator."],
  ID_CONFLICT: [
    "This was sent before with other content",
    "Reload to see what was stored.",
  ],
  NOT_FOUND: ["There is no such thing, or it is not yours to see", "Check the id."],
  QUOTA_EXCEEDED: ["A limit is used up", "Try again later."],
  LEASE_LOST: [
    "You do not hold this case any more",
    "Somebody else has it, or your time ran out. What you wrote stays here; claim it again to go on.",
  ],
  CONTENTION: ["Others were faster, several times", "Try again."],
  UNAVAILABLE: ["The service cannot do this now", "Try again in a moment."],
  TOO_LARGE: ["This is too large", "Shorten it."],
  CASE_DECIDED: ["The case has been decided", "Nothing more can be done to it here."],
  CASE_STATE: [
    "The case is not in a state that allows this",
    "Reload the case to see where it stands.",
  ],
  CHILD_SAFETY_NEEDED: [
    "Cases of child safety need a permission of their own",
    "Give it to somebody who has it.",
  ],
  LINKED_ACCOUNT: [
    "This is about an account that you are linked to",
    "Somebody else must take it.",
  ],
  OPTED_OUT: [
    "You chose not to see content of this category",
    "Hand it over, or change that in your settings.",
  ],
  EXPOSURE_SPENT: [
    "You have seen as much of this as a shift should hold",
    "Go on with other cases, or stop for today.",
  ],
  BREAK_DUE: [
    "Time for a break",
    "Nothing new is shown until it is over. You can still write and decide.",
  ],
  LAST_ADMINISTRATOR: [
    "Somebody must remain who can administer",
    "Make another administrator first.",
  ],
  NOT_LOCAL: [
    "This moderator is managed elsewhere",
    "Change it in the configuration or at the identity provider.",
  ],
  APPEAL_PERIOD_OVER: ["The time to appeal is over", ""],
  LOG_DAMAGED: [
    "The audit log is damaged",
    "Something is gone or was changed. Tell whoever runs the service, now.",
  ],
  DECISION_STATE: [
    "The decision is not in a state that allows this",
    "Reload to see where it stands.",
  ],
  UNDO_TOO_LATE: [
    "It has taken effect already",
    "It can be reversed, by somebody else or a senior.",
  ],
  SECOND_PERSON: [
    "It takes somebody else than who decided",
    "Another senior must do this.",
  ],
  EXCLUDED: ["You had a hand in this before", "Somebody else must decide it."],
  WATCH_TOO_SLOW: ["Changes came faster than this page took them", "It has caught up."],
  OTHER_ACCUSED: [
    "The other case accuses another account",
    "Only cases about one account belong together here.",
  ],
  NEW_EVIDENCE: [
    "New reports have joined since you looked",
    "Look at what is new, then decide.",
  ],
  OTHER_AREA: [
    "One of the two is of child safety, and the other is not",
    "They cannot be joined.",
  ],
  CASE_SHREDDED: ["The case was erased", "What it held is gone for good."],
  EXPORT_STATE: [
    "The request is not where this can be done",
    "Reload to see where it stands.",
  ],
  NO_EVIDENCE_KEY: [
    "The service has no key to sign packages with",
    "Tell whoever runs the service.",
  ],
  REFERRAL_STATE: [
    "The referral is not where this can be done",
    "Reload to see where it stands.",
  ],
  FETCH_TOO_SLOW: [
    "The package was fetched too slowly, and somebody else waited",
    "Fetch it again on a faster line.",
  ],
};

const CODES: Partial<Record<Code, Words>> = {
  [Code.Unavailable]: [
    "The service cannot be reached",
    "It may be restarting. This page tries again by itself.",
  ],
  [Code.DeadlineExceeded]: ["The service took too long", "Try again."],
  [Code.Unauthenticated]: REASONS.CREDENTIAL_INVALID,
  [Code.PermissionDenied]: REASONS.NOT_PERMITTED,
  [Code.NotFound]: REASONS.NOT_FOUND,
  [Code.ResourceExhausted]: REASONS.QUOTA_EXCEEDED,
  [Code.Unimplemented]: [
    "This service does not offer that",
    "It may be older than this page. Reload.",
  ],
  [Code.Canceled]: ["It was stopped", ""],
};

const UNKNOWN: Words = [
  "Something went wrong in the service",
  "Try again; if it stays, tell whoever runs it.",
];

/** What connect-web says of a connection that broke: a failure of unknown code. */
function codeOf({ code, cause, rawMessage }: ConnectError): Code {
  const broke = cause instanceof TypeError || rawMessage === "missing EndStreamResponse";
  return code === Code.Unknown && broke ? Code.Unavailable : code;
}

/** Says in words what an error means. Never shows the text of the error itself. */
export function problemOf(error: unknown): Problem {
  const connect = ConnectError.from(error, Code.Unavailable);
  const info = connect.findDetails(ErrorInfoSchema)[0];
  const retry = connect.findDetails(RetryInfoSchema)[0]?.retryDelay;
  const reason = info?.reason ?? "";
  const code = codeOf(connect);
  const [title, advice] = REASONS[reason] ?? CODES[code] ?? UNKNOWN;
  return {
    reason,
    code,
    title,
    advice,
    fields: connect
      .findDetails(BadRequestSchema)
      .flatMap((bad) => bad.fieldViolations)
      .map(({ field, description }) => ({ field, rule: description })),
    retryAfterMs: retry ? Number(retry.seconds) * 1000 + retry.nanos / 1e6 : 0,
  };
}

/** Whether the same again may succeed by itself. */
export function isPassing(problem: Problem): boolean {
  return (
    problem.code === Code.Unavailable ||
    problem.code === Code.DeadlineExceeded ||
    problem.reason === "CONTENTION"
  );
}

// Enums in words: one table each, so that a thing has one name on every screen.
import { ActionKind, ApprovalCause, DecisionState } from "#gen/frank/v1/decision_pb";
import { NoticeKind } from "#gen/frank/v1/message_pb";
import { ModeratorRole, ModeratorSource } from "#gen/frank/v1/moderators_pb";
import { ReferralState } from "#gen/frank/v1/referral_pb";
import { ReportOutcome } from "#gen/frank/v1/report_pb";
import {
  CaseLinkKind,
  CaseState,
  ExposureCategory,
  ProofStatus,
  Severity,
  Verdict,
} from "#gen/frank/v1/review_pb";
import { RetentionClass, RetentionObstacle } from "#gen/frank/v1/retention_pb";

export const SEVERITY: Record<Severity, string> = {
  [Severity.UNSPECIFIED]: "unknown",
  [Severity.LOW]: "low",
  [Severity.MEDIUM]: "medium",
  [Severity.HIGH]: "high",
  [Severity.CRITICAL]: "critical",
};

export const CASE_STATE: Record<CaseState, string> = {
  [CaseState.UNSPECIFIED]: "unknown",
  [CaseState.OPEN]: "open",
  [CaseState.DECIDED]: "decided",
  [CaseState.ON_HOLD]: "on hold",
  [CaseState.AWAITING_APPROVAL]: "awaiting approval",
  [CaseState.APPEALED]: "appealed",
  [CaseState.DUPLICATE]: "duplicate",
  [CaseState.SHREDDING]: "being erased",
  [CaseState.SHREDDED]: "erased",
};

export const PROOF: Record<ProofStatus, string> = {
  [ProofStatus.UNSPECIFIED]: "unknown",
  [ProofStatus.PROVEN]: "proven",
  [ProofStatus.UNPROVEN]: "not proven",
  [ProofStatus.FORGED]: "forged",
  [ProofStatus.UNOPENABLE]: "cannot be opened",
};

export const VERDICT: Record<Verdict, string> = {
  [Verdict.UNSPECIFIED]: "unknown",
  [Verdict.MALFORMED]: "malformed",
  [Verdict.EXPIRED_KEY]: "unverifiable: the key window is over",
  [Verdict.UNKNOWN_KEY]: "unverifiable: no such key",
  [Verdict.FORGED_FRANK]: "forged: not stamped by the platform",
  [Verdict.BAD_OPENING]: "forged: not the content that was stamped",
  [Verdict.PROVEN]: "proven",
};

/** What an account is told of a decision about it. */
export const NOTICE: Record<NoticeKind, string> = {
  [NoticeKind.UNSPECIFIED]: "nothing",
  [NoticeKind.WARNED]: "that it is warned",
  [NoticeKind.LIMITED]: "that its messages are limited",
  [NoticeKind.SUSPENDED]: "that it is suspended",
  [NoticeKind.RESTORED]: "that it is free to send again",
  [NoticeKind.REVERSED]: "that the decision was taken back",
  [NoticeKind.REPORT_DECIDED]: "that its report was decided",
  [NoticeKind.APPEAL_DECIDED]: "that its appeal was decided",
};

export const EXPOSURE: Record<ExposureCategory, string> = {
  [ExposureCategory.UNSPECIFIED]: "unknown",
  [ExposureCategory.NONE]: "none",
  [ExposureCategory.TEXT]: "text",
  [ExposureCategory.GRAPHIC]: "graphic",
  [ExposureCategory.CHILD_SAFETY]: "child safety",
};

export const LINK: Record<CaseLinkKind, string> = {
  [CaseLinkKind.UNSPECIFIED]: "linked",
  [CaseLinkKind.RELATED]: "related",
  [CaseLinkKind.SUCCESSOR]: "opened after the other was decided",
  [CaseLinkKind.DUPLICATE]: "closed into the other",
};

export const ACTION: Record<ActionKind, string> = {
  [ActionKind.UNSPECIFIED]: "unknown",
  [ActionKind.NONE]: "no action",
  [ActionKind.WARN]: "warn",
  [ActionKind.LIMIT]: "limit",
  [ActionKind.SUSPEND]: "suspend",
  [ActionKind.RESTORE]: "restore",
  [ActionKind.ASK_REPORTER]: "ask the reporters",
  [ActionKind.REFER]: "refer to an authority",
  [ActionKind.DELETE_EVIDENCE]: "delete the evidence",
};

export const DECISION_STATE: Record<DecisionState, string> = {
  [DecisionState.UNSPECIFIED]: "unknown",
  [DecisionState.PROPOSED]: "proposed",
  [DecisionState.MADE]: "made",
  [DecisionState.REFUSED]: "refused",
  [DecisionState.WITHDRAWN]: "withdrawn",
  [DecisionState.UNDONE]: "undone",
  [DecisionState.REVERSED]: "reversed",
};

export const APPROVAL_CAUSE: Record<ApprovalCause, string> = {
  [ApprovalCause.UNSPECIFIED]: "unknown",
  [ApprovalCause.PERMANENT_SUSPENSION]: "the suspension has no end",
  [ApprovalCause.REFERRAL]: "it is a referral",
  [ApprovalCause.POLICY]: "the policy asks for it",
  [ApprovalCause.REASON]: "the reason asks for it",
  [ApprovalCause.REPORT_REASON]: "what was reported asks for it",
  [ApprovalCause.DELETION]: "evidence would be deleted",
};

export const OUTCOME: Record<ReportOutcome, string> = {
  [ReportOutcome.UNSPECIFIED]: "nothing",
  [ReportOutcome.ACTION_TAKEN]: "action was taken",
  [ReportOutcome.NO_ACTION]: "no breach of the rules was found",
  [ReportOutcome.NOT_VERIFIABLE]: "the report could not be verified",
  [ReportOutcome.MORE_INFORMATION_WANTED]: "more would be needed; report again",
};

export const REFERRAL_STATE: Record<ReferralState, string> = {
  [ReferralState.UNSPECIFIED]: "unknown",
  [ReferralState.WAITING]: "nobody has said for whom",
  [ReferralState.WITHDRAWN]: "withdrawn",
  [ReferralState.ASSIGNED]: "to be handed over",
  [ReferralState.HANDED_OVER]: "handed over",
};

export const ROLE: Record<ModeratorRole, string> = {
  [ModeratorRole.UNSPECIFIED]: "none",
  [ModeratorRole.REVIEWER]: "reviewer",
  [ModeratorRole.SENIOR]: "senior",
  [ModeratorRole.AUDITOR]: "auditor",
  [ModeratorRole.ADMINISTRATOR]: "administrator",
};

export const SOURCE: Record<ModeratorSource, string> = {
  [ModeratorSource.UNSPECIFIED]: "unknown",
  [ModeratorSource.LOCAL]: "local account",
  [ModeratorSource.CONFIGURATION]: "configuration",
  [ModeratorSource.PROVIDER]: "identity provider",
};

export const RETENTION: Record<RetentionClass, string> = {
  [RetentionClass.UNSPECIFIED]: "unknown",
  [RetentionClass.UNPROVEN]: "proves nothing",
  [RetentionClass.PROVEN]: "proven",
  [RetentionClass.DECIDED]: "acted upon",
  [RetentionClass.REFERRED]: "referred",
  [RetentionClass.DELETION]: "to be deleted",
};

export const OBSTACLE: Record<RetentionObstacle, string> = {
  [RetentionObstacle.UNSPECIFIED]: "unknown",
  [RetentionObstacle.EFFECTS]: "effects are on their way",
  [RetentionObstacle.APPEAL_PERIOD]: "an appeal may come, or waits",
  [RetentionObstacle.REFERRAL]: "not handed over yet",
};

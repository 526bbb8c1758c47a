// The tables that a service brings along: queues, reasons, policies.
import { ActionKind } from "#gen/frank/v1/decision_pb";
import { ExposureCategory, Severity } from "#gen/frank/v1/review_pb";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const { TEXT, GRAPHIC, CHILD_SAFETY } = ExposureCategory;

function reason(
  key: string,
  title: string,
  severity: Severity,
  timeToDecide: number,
  exposure: ExposureCategory,
  queue: string,
) {
  const policyArea = key.slice(0, key.indexOf("."));
  return {
    key,
    title,
    policyArea,
    severity,
    timeToDecide: BigInt(timeToDecide),
    exposure,
    queue,
  };
}

export const REASONS = [
  reason(
    "child_safety.grooming",
    "Grooming",
    Severity.CRITICAL,
    15 * MINUTE,
    CHILD_SAFETY,
    "child-safety",
  ),
  reason(
    "sexual.intimate_images",
    "Intimate images without consent",
    Severity.HIGH,
    48 * HOUR,
    GRAPHIC,
    "sexual",
  ),
  reason(
    "sexual.unwanted",
    "Unwanted sexual content",
    Severity.MEDIUM,
    48 * HOUR,
    GRAPHIC,
    "sexual",
  ),
  reason(
    "violence.threat",
    "Threat of violence",
    Severity.CRITICAL,
    30 * MINUTE,
    TEXT,
    "harm",
  ),
  reason(
    "violence.incitement",
    "Incitement to violence",
    Severity.HIGH,
    4 * HOUR,
    TEXT,
    "harm",
  ),
  reason(
    "harassment.targeted",
    "Targeted harassment",
    Severity.MEDIUM,
    24 * HOUR,
    TEXT,
    "harassment",
  ),
  reason("harassment.hate", "Hate", Severity.HIGH, 24 * HOUR, TEXT, "harassment"),
  reason(
    "harassment.doxxing",
    "Publishing private information",
    Severity.HIGH,
    12 * HOUR,
    TEXT,
    "harassment",
  ),
  reason("harassment.trolling", "Trolling", Severity.LOW, 72 * HOUR, TEXT, "harassment"),
  reason("deception.spam", "Spam", Severity.LOW, 72 * HOUR, TEXT, "deception"),
  reason(
    "deception.scam",
    "Scam or fraud",
    Severity.MEDIUM,
    24 * HOUR,
    TEXT,
    "deception",
  ),
  reason(
    "deception.impersonation",
    "Impersonation",
    Severity.MEDIUM,
    24 * HOUR,
    TEXT,
    "deception",
  ),
  reason("deception.phishing", "Phishing", Severity.MEDIUM, 24 * HOUR, TEXT, "deception"),
];

export const QUEUES = [
  { name: "child-safety", title: "Child safety" },
  { name: "harm", title: "Harm to people" },
  { name: "sexual", title: "Sexual content" },
  { name: "harassment", title: "Harassment" },
  { name: "deception", title: "Deception" },
  { name: "general", title: "General" },
  { name: "integrity", title: "Integrity" },
  { name: "seniors", title: "Escalated", seniorsOnly: true },
];

export const POLICIES = {
  version: 1,
  policy: [
    {
      policy: "violence",
      title: "Violence",
      text: "No violence, and no call for it.",
      heading: true,
    },
    {
      policy: "violence.threats",
      title: "Threats",
      text: "No threat to kill, hurt or rob somebody, whether open or between the lines, and no naming of places where somebody can be found so as to frighten them.",
      strikeWeight: 2,
    },
    {
      policy: "harassment",
      title: "Harassment",
      text: "Leave people alone who want to be left alone.",
      heading: true,
    },
    {
      policy: "harassment.targeted",
      title: "Targeted harassment",
      text: "No going after one person: no repeated messages that are not wanted, no insults meant to wear somebody down, no calling others to join in.",
      strikeWeight: 1,
    },
    {
      policy: "harassment.doxxing",
      title: "Private information",
      text: "No publishing of where somebody lives, works or learns, or how to reach them, against their will.",
      strikeWeight: 2,
    },
    {
      policy: "deception",
      title: "Deception",
      text: "Do not deceive people to their harm.",
      heading: true,
    },
    {
      policy: "deception.scam",
      title: "Scams",
      text: "No taking of money or secrets under a pretext.",
      strikeWeight: 2,
    },
    {
      policy: "deception.spam",
      title: "Spam",
      text: "No unwanted messages to many people.",
      strikeWeight: 1,
    },
  ],
  actionReason: [
    { reason: "proven", title: "The messages are proven and break the rule" },
    { reason: "pattern", title: "Part of a pattern across cases" },
    { reason: "admitted", title: "The account admitted it" },
  ],
  noActionReason: [
    { reason: "no_breach", title: "It breaks no rule" },
    { reason: "not_verifiable", title: "Nothing can be verified" },
    { reason: "context", title: "The context shows otherwise" },
  ],
  ladder: [
    {
      strikeCount: 2,
      kind: ActionKind.LIMIT,
      durationMs: BigInt(7 * DAY),
      messagesAnHour: 20,
    },
    { strikeCount: 4, kind: ActionKind.SUSPEND, durationMs: BigInt(7 * DAY) },
    { strikeCount: 8, kind: ActionKind.SUSPEND },
  ],
  strikeLifetimeMs: BigInt(90 * DAY),
};

// Who acted, and the details of an act, in words: what is not in the tables is
// shown by its own name.
import { moment } from "../../parts/time";

/** "moderator anna", "the service". */
export function actorInWords(actor: string): string {
  const [kind = "", ...rest] = actor.split(":");
  const name = rest.join(":");
  if (kind === "service") return "the service";
  return name === "" ? actor : `${kind} ${name}`;
}

const NAMES: Readonly<Record<string, string>> = {
  act_id: "act",
  authority: "authority",
  bodies: "bodies shown",
  class: "kept as",
  closed_at: "closed on",
  condition: "it is",
  epoch: "lease no.",
  exposure: "shows",
  franking_tag: "message",
  handed_over_at: "handed over on",
  ladder: "follows by itself",
  links: "linked accounts",
  other: "other case",
  policy_area: "area",
  policy_version: "version of policies",
  recipient_key: "key of the recipient",
  roles_before: "roles before",
  row: "row of the account",
  size: "bytes",
};

/** What a yes means, and a no; of what is empty nothing is said. */
const FACTS: Readonly<Record<string, readonly [yes: string, no: string]>> = {
  child_safety: ["child safety allowed", "child safety not allowed"],
  child_safety_before: ["child safety allowed before", "child safety not allowed before"],
  clear_mismatch: ["the platform's copy of a stamp differs", ""],
  context: ["written by others", ""],
  past_deadline: ["past its deadline", ""],
  self: ["by themselves", ""],
  text_only: ["text alone", "pictures and files too"],
};

const TIMES = new Set(["until", "handed_over_at", "closed_at"]);
const ENUMS =
  /^(ACTION_KIND|APPEAL_OUTCOME|RETENTION_CLASS|REPORT_CONDITION|REPORT_OUTCOME)_/;

export interface Detail {
  name: string;
  value: string;
  /** An id or a hash, to be cut. */
  isHex: boolean;
}

function valueInWords(name: string, value: unknown): string {
  if (TIMES.has(name) && typeof value === "number" && value > 0) return moment(value);
  if (typeof value !== "string") return JSON.stringify(value);
  if (!ENUMS.test(value)) return value;
  return value.replace(ENUMS, "").replaceAll("_", " ").toLowerCase();
}

/** The details of an act, which are canonical JSON; undefined: they are not. */
export function detailsInWords(json: string): Detail[] | undefined {
  let pairs: [string, unknown][];
  try {
    pairs = Object.entries(JSON.parse(json) as object);
  } catch {
    return undefined;
  }
  return pairs.flatMap(([key, value]): Detail[] => {
    if (key === "act_number") return [];
    const fact = Object.hasOwn(FACTS, key) ? FACTS[key] : undefined;
    if (fact && typeof value === "boolean") {
      const words = fact[value ? 0 : 1];
      return words === "" ? [] : [{ name: "", value: words, isHex: false }];
    }
    const known = Object.hasOwn(NAMES, key) ? NAMES[key] : undefined;
    const name = known ?? key.replaceAll("_", " ");
    const isHex = typeof value === "string" && /^[0-9a-f]{16,}$/.test(value);
    return [{ name, value: valueInWords(key, value), isHex }];
  });
}

// What people do with the real client, and moderators with theirs, in the past.
import { forge, frank, frankAs, register, until } from "../tool.ts";

export const uri = (name: string) => `mimi://hub.example/u/${name}`;

const rooms = new Map<string, string>();

export function comes(name: string): void {
  register(name, uri(name));
}

function roomOf(from: string, to: string): string {
  const known = rooms.get(`${from} ${to}`);
  if (known !== undefined) return known;
  // Whoever is suspended opens no room.
  const room = String(frank(to, "room", "create", uri(from))[0]?.room);
  rooms.set(`${from} ${to}`, room);
  rooms.set(`${to} ${from}`, room);
  return room;
}

/** Opens a group in which these write to each other from now on. */
export function gather(first: string, ...others: string[]): void {
  const made = frank(first, "room", "create", "--group", ...others.map(uri));
  const all = [first, ...others];
  for (const from of all)
    for (const to of all) rooms.set(`${from} ${to}`, String(made[0]?.room));
}

/** Sends one message; returns the number that the recipient keeps it under. */
export function writes(from: string, to: string, ...what: string[]): string {
  frank(from, "send", roomOf(from, to), ...what);
  const got = frank(to, "inbox").filter((one) => one.from === uri(from));
  return String(got.at(-1)?.number);
}

export function says(from: string, to: string, text: string): string {
  return writes(from, to, "--text", text);
}

/** The exit code of `frank` for an account that may not send. */
const SUSPENDED = 7;

/** Sends them all; returns no number if the account is suspended. */
export function saysIfFree(from: string, to: string, texts: readonly string[]): string[] {
  try {
    return texts.map((text) => says(from, to, text));
  } catch (error) {
    if ((error as { status?: number }).status === SUSPENDED) return [];
    throw error;
  }
}

/** Reports messages by their numbers; returns the report's id. */
export function reports(who: string, reason: string, ...what: string[]): string {
  return String(frank(who, "report", ...what, "--reason", reason)[0]?.report_id);
}

/** Claims that a message said something else. */
export function forges(who: string, number: string, text: string): void {
  forge(who, "content", number, "--text", text);
}

export function isOpen(name: string, id: string): boolean {
  const filter = ["--accused", uri(name), "--state", "open"];
  return frankAs("sara", "mod", "cases", ...filter).some((one) => one.case_id === id);
}

const UNDECIDED = ["open", "on_hold", "awaiting_approval", "appealed"];

/** Waits until a report about an account is in an undecided case; returns the newest. */
export async function caseAbout(name: string, reason: string): Promise<string> {
  const states = UNDECIDED.flatMap((state) => ["--state", state]);
  const filter = ["--accused", uri(name), "--reason", reason, ...states];
  return until(`a case of ${reason} about ${name} is there`, () => {
    const found = frankAs("sara", "mod", "cases", ...filter).at(-1);
    return found && String(found.case_id);
  });
}

/** Appeals a decision, once the account was told of it. */
export async function appeals(
  name: string,
  decision: string,
  text: string,
): Promise<void> {
  await until(`${name} is told of a decision`, () =>
    frank(name, "appeals").find((one) => one.decision_id === decision),
  );
  frank(name, "appeal", decision, "--text", text);
}

// What people write and report while the moderators are at work.
import { forge, frank, frankAs, register, until } from "./tool.ts";

const TRENT = "mimi://hub.example/u/trent";

/** What somebody writes who would sell something. */
export const OFFERS = [
  "You won! Send 200 today.",
  "Your parcel waits. Pay 3 here.",
  "I am from the bank. Read me the code.",
  "Last chance to win.",
  "Your account is blocked. Sign in here.",
  "Double your money by Monday.",
  "Your cousin needs 500, now.",
  "A prize is kept for you.",
  "Work from home: easy-money.example",
  "Your refund is ready.",
  "Only three places left.",
  "Answer, or you lose it.",
  "This is your last message.",
];

/** The numbers under which Bo's phone keeps what Trent sent, newest last. */
function fromTrent(): string[] {
  return frank("bo", "inbox", "--all")
    .filter(({ from }) => from === TRENT)
    .map(({ number }) => String(number));
}

/** Lets Trent write to Bo; returns the numbers of those messages. */
function trentWrites(texts: readonly string[]): string[] {
  const room = String(frank("trent", "room", "list")[0]?.room);
  for (const text of texts) frank("trent", "send", room, "--text", text);
  frank("bo", "inbox");
  return fromTrent().slice(-texts.length);
}

/** Lets Bo report what Trent writes now. */
export function boReports(reason: string, texts: readonly string[]): void {
  frank("bo", "report", ...trentWrites(texts), "--reason", reason);
}

/** Lets Bo claim that Trent's first message said something else. */
export function boForges(text: string): void {
  const [first = ""] = fromTrent();
  forge("bo", "content", first, "--text", text);
}

/** Who else is reported in the course of a morning: reporter, account, reason, words. */
const TOWN = [
  ["bo", "eve", "harassment.hate", "Your kind should not be let in here."],
  ["ada", "eve", "harassment.hate", "Go back to where you came from."],
  ["ada", "oscar", "deception.impersonation", "This is Ada. It is my new number."],
  ["bo", "oscar", "deception.scam", "I am stuck abroad. Can you send 400?"],
  ["ada", "peggy", "sexual.unwanted", "Send me a picture of you. Not that kind."],
  ["bo", "victor", "illegal_goods.drugs", "Twenty for one, forty for three."],
  ["ada", "victor", "deception.malware", "Run this once: update-your-phone.example"],
  ["ada", "walter", "harassment.doxxing", "She lives at 12 Mill Lane, second floor."],
  ["bo", "walter", "harassment.trolling", "Nobody reads what you write."],
  ["ada", "wendy", "self_harm.risk", "I do not see why I should go on."],
  ["bo", "wendy", "violence.animal_cruelty", "Look how far it flies."],
] as const;

/** Lets them write and be reported; waits until the moderators have it all. */
export async function townReports(): Promise<void> {
  const uri = (name: string) => `mimi://hub.example/u/${name}`;
  for (const name of new Set(["ada", ...TOWN.map(([, account]) => account)]))
    register(name, uri(name));
  for (const [reporter, account, reason, words] of TOWN) {
    const room = String(frank(account, "room", "create", uri(reporter))[0]?.room);
    frank(account, "send", room, "--text", words);
    frank(reporter, "inbox");
    const last = frank(reporter, "inbox", "--all").at(-1);
    frank(reporter, "report", String(last?.number), "--reason", reason);
  }
  await until("everybody's case is there", () => {
    const listed = JSON.stringify(frankAs("sara", "mod", "cases"));
    return TOWN.every(([, , reason]) => listed.includes(reason)) || undefined;
  });
}

// What people write and report while the moderators are at work.
import { forge, frank } from "./tool.ts";

const TRENT = "mimi://hub.example/u/trent";

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

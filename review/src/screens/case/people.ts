// Roles instead of names: who somebody is in this case is what matters in it.
import type { GetCaseResponse } from "#gen/frank/v1/review_pb";

export interface People {
  /** "Accused", "Reporter 1", "Person 2". */
  roleOf: (uri: string) => string;
  /** "Room 1". */
  roomOf: (uri: string) => string;
  rooms: string[];
}

function numbered(uris: Iterable<string>, word: string): Map<string, string> {
  const roles = new Map<string, string>();
  for (const uri of uris) {
    if (!roles.has(uri)) roles.set(uri, `${word} ${(roles.size + 1).toString()}`);
  }
  return roles;
}

export function peopleOf(shown: GetCaseResponse): People {
  const accused = shown.caseSummary?.accusedUri ?? "";
  const reporters = numbered(
    shown.report.map(({ reporterUri }) => reporterUri),
    "Reporter",
  );
  const messages = shown.report.flatMap(({ message }) => message);
  const others = numbered(
    [...shown.context, ...messages]
      .map(({ senderUri }) => senderUri)
      .filter((uri) => uri !== "" && uri !== accused && !reporters.has(uri)),
    "Person",
  );
  const rooms = numbered(
    [...shown.evidence, ...shown.context].map(({ roomUri }) => roomUri),
    "Room",
  );
  return {
    roleOf: (uri) =>
      uri === accused && uri !== ""
        ? "Accused"
        : (reporters.get(uri) ?? others.get(uri) ?? "Somebody"),
    roomOf: (uri) => rooms.get(uri) ?? "Another room",
    rooms: [...rooms.keys()],
  };
}

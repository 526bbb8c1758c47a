// The screens of seniors, auditors and administrators over an office in memory:
// `npm run dev`, then /office.html?role=administrator.
import { createRoot } from "react-dom/client";
import { ModeratorRole } from "#gen/frank/v1/moderators_pb";
import { App } from "../../src/app/app";
import { session, signIn } from "../../src/app/session";
import "../../src/styles/all.css";
import { auditLog, entryOf } from "./audit-log";
import { Office, officeRoutes } from "./office";
import { transportOver } from "./transport";

const ROLES = {
  senior: ModeratorRole.SENIOR,
  auditor: ModeratorRole.AUDITOR,
  administrator: ModeratorRole.ADMINISTRATOR,
};

const STORY = ["case.claimed", "evidence.revealed", "case.noted", "case.decided"];
const PEOPLE = ["anna", "ben", "sara"];

/** Some days of work on cases, four acts each. */
function dayBook(count: number) {
  return Array.from({ length: count }, (_, i) => {
    const story = Math.floor(i / STORY.length);
    const number = (i % STORY.length) + 1;
    const who = `moderator:${PEOPLE[story % PEOPLE.length] ?? ""}`;
    const id = (0x5e1f00 + story * 7919).toString(16).padStart(32, "07c4");
    const time = Date.now() - (count - i) * 4 * 60_000;
    return entryOf(time, who, STORY[number - 1] ?? "", `case:${id}`, {
      act_number: number,
      epoch: story + 1,
      queue: "harassment",
    });
  });
}

const query = new URLSearchParams(window.location.search);
const office = new Office(auditLog(dayBook(Number(query.get("entries") ?? "800"))));
const role = (query.get("role") ?? "administrator") as keyof typeof ROLES;
office.self.role = [ROLES[role]];
const ask = window.fetch.bind(window);
window.fetch = (what, how) =>
  what === "/config.json"
    ? Promise.resolve(Response.json({ auditVkey: office.log.vkey }))
    : ask(what, how);
if (session.get().token === undefined) signIn("anything");
const root = document.getElementById("root");
if (root)
  createRoot(root).render(<App transport={transportOver(officeRoutes(office))} />);

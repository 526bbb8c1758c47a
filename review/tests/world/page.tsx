// The tool over a town in memory, for looking at it while one works on it.
import { createRoot } from "react-dom/client";
import { App } from "../../src/app/app";
import { session, signIn } from "../../src/app/session";
import "../../src/styles/all.css";
import { routesOf, Town } from "./services";
import { transportOver } from "./transport";
import { fillHashes, plainCase, threatCase } from "./town";
import { ModeratorRole } from "#gen/frank/v1/moderators_pb";

const now = Date.now();
const size = Number(new URLSearchParams(window.location.search).get("cases") ?? "60");
const cases = [
  threatCase(now),
  ...Array.from({ length: size }, (_, n) => plainCase(n + 1, now)),
];
await fillHashes(cases.slice(0, 50));
const town = new Town(cases);
town.self = {
  id: "sara",
  role: [ModeratorRole.REVIEWER, ModeratorRole.SENIOR],
  childSafety: true,
};
town.attendants.push({ moderator: "ben", since: BigInt(now - 120_000) });
if (session.get().token === undefined) signIn("anything");
const root = document.getElementById("root");
if (root) createRoot(root).render(<App transport={transportOver(routesOf(town))} />);

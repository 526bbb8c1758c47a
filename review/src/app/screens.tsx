// The one table of screens: where each is, who is shown it, and which keys lead
// there. Screens are loaded when they are first needed.
import { lazy, type ComponentType } from "react";
import type { Moderator } from "#gen/frank/v1/moderators_pb";
import { can, type Capability } from "./capabilities";

export interface Screen {
  /** First segment of its address. */
  path: string;
  title: string;
  keys?: string;
  /** Who is shown it; absent: everybody. */
  needs?: Capability;
  /** Not in the navigation: others lead there. */
  hidden?: boolean;
  view: ComponentType;
}

export const SCREENS: readonly Screen[] = [
  {
    path: "queue",
    title: "Queue",
    keys: "g q",
    needs: "listCases",
    view: lazy(() => import("../screens/queue")),
  },
  {
    path: "case",
    title: "Case",
    needs: "listCases",
    hidden: true,
    view: lazy(() => import("../screens/case")),
  },
  {
    path: "approvals",
    title: "Approvals",
    keys: "g a",
    needs: "seeApprovals",
    view: lazy(() => import("../screens/answers/approvals")),
  },
  {
    path: "appeals",
    title: "Appeals",
    keys: "g p",
    needs: "workOnCases",
    view: lazy(() => import("../screens/answers/appeals")),
  },
  {
    path: "referrals",
    title: "Referrals",
    keys: "g r",
    needs: "seeReferrals",
    view: lazy(() => import("../screens/referrals")),
  },
  {
    path: "dashboards",
    title: "Dashboards",
    keys: "g d",
    needs: "seeFigures",
    view: lazy(() => import("../screens/dashboards")),
  },
  {
    path: "audit",
    title: "Audit",
    keys: "g l",
    needs: "seeCheckpoint",
    view: lazy(() => import("../screens/audit")),
  },
  {
    path: "administration",
    title: "Administration",
    keys: "g m",
    needs: "seeConfiguration",
    view: lazy(() => import("../screens/administration")),
  },
  {
    path: "settings",
    title: "Settings",
    keys: "g s",
    hidden: true,
    view: lazy(() => import("../screens/settings")),
  },
];

/** The screens that somebody is shown, in the order of the navigation. */
export function screensFor(self: Pick<Moderator, "role">): Screen[] {
  return SCREENS.filter(({ needs }) => needs === undefined || can(self, needs));
}

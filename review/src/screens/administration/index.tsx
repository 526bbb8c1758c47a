import { useSelf } from "../../api/self";
import { can, type Capability } from "../../app/capabilities";
import { useCommands } from "../../app/keys";
import { go, href, usePlace } from "../../app/router";
import { Key } from "../../parts/key";
import { ModeratorPage } from "./moderator";
import { Moderators } from "./moderators";
import { Mutes } from "./mutes";
import { Policies } from "./policies";
import { Reasons } from "./reasons";
import { Retention } from "./retention";
import { Routing } from "./routing";
import type { ComponentType } from "react";
import "./administration.css";

interface Tab {
  path: string;
  title: string;
  needs: Capability;
  view: ComponentType;
}

const TABS: readonly Tab[] = [
  { path: "moderators", title: "Moderators", needs: "seeModerators", view: Moderators },
  { path: "policies", title: "Policies", needs: "seePolicies", view: Policies },
  { path: "reasons", title: "Reasons", needs: "seePolicies", view: Reasons },
  { path: "routing", title: "Routing", needs: "seeConfiguration", view: Routing },
  { path: "retention", title: "Retention", needs: "seeRetention", view: Retention },
  { path: "mutes", title: "Mutes", needs: "seeMutes", view: Mutes },
];

export default function Administration() {
  const self = useSelf();
  const { path } = usePlace();
  const tabs = TABS.filter(({ needs }) => can(self, needs));
  const tab = tabs.find((one) => one.path === path[1]) ?? tabs[0];
  const moderator = tab?.path === "moderators" ? path[2] : undefined;
  useCommands(
    tabs.map(({ path: to, title }, i) => ({
      label: `Show ${title}`,
      keys: (i + 1).toString(),
      group: "Administration",
      run: () => go(href("administration", to)),
    })),
  );
  return (
    <div className="page stack">
      <h1 className="unseen">Administration</h1>
      <nav aria-label="Administration" className="areas">
        <ul>
          {tabs.map(({ path: to, title }, i) => (
            <li key={to}>
              <a
                href={href("administration", to)}
                aria-current={to === tab?.path ? "page" : undefined}
              >
                {title} <Key keys={(i + 1).toString()} />
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {moderator !== undefined ? (
        <ModeratorPage id={moderator} key={moderator} />
      ) : (
        tab && <tab.view />
      )}
    </div>
  );
}

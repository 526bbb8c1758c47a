import * as Ariakit from "@ariakit/react";
import { Suspense, useEffect, useRef, useState } from "react";
import { useClients } from "../api/clients";
import { useExposure, useSelf } from "../api/self";
import { watchCases, watching } from "../api/watch";
import { ROLE } from "../api/words";
import { ErrorEdge } from "../parts/error-edge";
import { ExposureMeter } from "../parts/exposure-meter";
import { Key } from "../parts/key";
import { Loading } from "../parts/loading";
import { announce } from "./announce";
import { can } from "./capabilities";
import { IdleWatch } from "./idle";
import { KeysHelp } from "./keys-help";
import { useCommands } from "./keys";
import { Palette } from "./palette";
import { prefer, preferences } from "./preferences";
import { RecentDecision } from "./recent";
import { go, href, usePlace } from "./router";
import { screensFor, type Screen } from "./screens";
import { signOut } from "./session";
import { useStore } from "./store";

function Navigation({ screens, here }: { screens: Screen[]; here: string }) {
  return (
    <nav aria-label="Screens" className="screens">
      <ul>
        {screens
          .filter(({ hidden }) => !hidden)
          .map(({ path, title }) => (
            <li key={path}>
              <a href={href(path)} aria-current={path === here ? "page" : undefined}>
                {title}
              </a>
            </li>
          ))}
      </ul>
    </nav>
  );
}

const THEMES = { system: "As the system", light: "Light", dark: "Dark" } as const;

function PersonMenu() {
  const self = useSelf();
  const { theme } = useStore(preferences);
  return (
    <Ariakit.MenuProvider>
      <Ariakit.MenuButton className="button quiet">
        {self.id} <Ariakit.MenuButtonArrow />
      </Ariakit.MenuButton>
      <Ariakit.Menu gutter={4} className="menu" modal>
        <p className="menu-note">
          {self.role.map((role) => ROLE[role]).join(", ") || "no role"}
          {self.childSafety && ", child safety"}
        </p>
        <Ariakit.MenuItem className="menu-item" onClick={() => go(href("settings"))}>
          Settings <Key keys="g s" />
        </Ariakit.MenuItem>
        <Ariakit.MenuGroup>
          <Ariakit.MenuGroupLabel className="menu-note">Colours</Ariakit.MenuGroupLabel>
          {(Object.keys(THEMES) as (keyof typeof THEMES)[]).map((choice) => (
            <Ariakit.MenuItem
              key={choice}
              className="menu-item"
              onClick={() => {
                prefer({ theme: choice });
              }}
            >
              {THEMES[choice]} {choice === theme && <span>✓</span>}
            </Ariakit.MenuItem>
          ))}
        </Ariakit.MenuGroup>
        <Ariakit.MenuItem className="menu-item" onClick={signOut}>
          Sign out
        </Ariakit.MenuItem>
      </Ariakit.Menu>
    </Ariakit.MenuProvider>
  );
}

/** Moves the focus to a new screen, so that what is read next is the screen. */
function useFocusOnArrival(here: string) {
  const main = useRef<HTMLElement>(null);
  const before = useRef(here);
  useEffect(() => {
    if (before.current !== here) main.current?.focus();
    before.current = here;
  }, [here]);
  return main;
}

function Missing({ title }: { title: string }) {
  return (
    <div className="page narrow">
      <h1>{title}</h1>
      <p>
        <a href={href()}>Go to the start</a>
      </p>
    </div>
  );
}

function useShellCommands(screens: Screen[]) {
  const [shown, show] = useState<"none" | "help" | "palette">("none");
  useCommands([
    { label: "Show the keys", keys: "?", group: "Everywhere", run: () => show("help") },
    {
      label: "Find a command or case",
      keys: "Ctrl+k",
      group: "Everywhere",
      run: () => show("palette"),
    },
    ...screens
      .filter(({ path }) => path !== "case")
      .map(({ path, title, keys }) => ({
        label: title,
        ...(keys !== undefined && { keys }),
        group: "Go to",
        run: () => go(href(path)),
      })),
    {
      label: "Sign out",
      group: "Everywhere",
      run: signOut,
    },
  ]);
  return { shown, show };
}

/** Changes of cases reach every screen of those who are shown cases. */
function useWatch(isShownCases: boolean) {
  const { queues } = useClients();
  useEffect(
    () =>
      watching.subscribe(() => {
        if (!watching.get()) announce("Changes do not arrive at the moment.");
      }),
    [],
  );
  // After what listens to it: who signs out is not told that it ends.
  useEffect(
    () => (isShownCases ? watchCases(queues) : undefined),
    [queues, isShownCases],
  );
}

export function Shell() {
  const self = useSelf();
  useWatch(can(self, "listCases"));
  const exposure = useExposure();
  const screens = screensFor(self);
  const place = usePlace();
  const here = place.path[0] ?? screens[0]?.path ?? "";
  const screen = screens.find(({ path }) => path === here);
  const main = useFocusOnArrival(place.path.slice(0, 2).join("/"));
  const { shown, show } = useShellCommands(screens);
  useEffect(() => {
    document.title = screen ? `${screen.title} · frank review` : "frank review";
  }, [screen]);
  return (
    <div className="shell">
      <a
        className="skip"
        href="#main"
        onClick={(e) => (e.preventDefault(), main.current?.focus())}
      >
        To the content
      </a>
      <header className="top">
        <a className="brand" href={href()}>
          frank <span>review</span>
        </a>
        <Navigation screens={screens} here={here} />
        <div className="top-end">
          {exposure && can(self, "workOnCases") && <ExposureMeter exposure={exposure} />}
          <button type="button" className="button quiet" onClick={() => show("palette")}>
            Find <Key keys="Ctrl+k" />
          </button>
          <PersonMenu />
        </div>
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        <ErrorEdge key={here}>
          <Suspense fallback={<Loading />}>
            {screen ? (
              <screen.view />
            ) : (
              <Missing title="There is no such screen, or your role is not shown it" />
            )}
          </Suspense>
        </ErrorEdge>
      </main>
      <KeysHelp open={shown === "help"} onClose={() => show("none")} />
      <Palette open={shown === "palette"} onClose={() => show("none")} />
      <RecentDecision />
      <IdleWatch />
    </div>
  );
}

// Who is signed in: a credential, in memory and in sessionStorage, so that it
// outlives a reload of the page and not the tab. So does how the last one ended.
import { now } from "../api/clock";
import { Store } from "./store";
import { dropUnsent } from "./unsent";

/** Why nobody is signed in any more; undefined: nobody was. */
export type Ending = "signed-out" | "idle" | "refused";

export interface Session {
  /** A token of a local account, or a JWT of the identity provider. */
  token: string | undefined;
  ended: Ending | undefined;
}

const TOKEN = "frank.token";
const ENDED = "frank.ended";
/** In localStorage, when somebody signed out: that it changes tells the other tabs. */
const SIGNED_OUT = "frank.signed-out";

export const session = new Store<Session>({
  token: sessionStorage.getItem(TOKEN) ?? undefined,
  ended: (sessionStorage.getItem(ENDED) ?? undefined) as Ending | undefined,
});

export function signIn(token: string): void {
  sessionStorage.setItem(TOKEN, token);
  sessionStorage.removeItem(ENDED);
  session.set({ token, ended: undefined });
}

export function endSession(ended: Ending): void {
  if (ended === "signed-out") dropUnsent();
  sessionStorage.removeItem(TOKEN);
  sessionStorage.setItem(ENDED, ended);
  session.set({ token: undefined, ended });
}

/** Somebody leaves: ends the session here and in every tab of this browser. */
export function signOut(): void {
  endSession("signed-out");
  localStorage.setItem(SIGNED_OUT, now().toString());
}

/** Signs out when that is done in another tab. Returns how to stop. */
export function followOtherTabs(): () => void {
  const listener = ({ key }: StorageEvent) => {
    if (key === SIGNED_OUT && session.get().token !== undefined) endSession("signed-out");
  };
  window.addEventListener("storage", listener);
  return () => {
    window.removeEventListener("storage", listener);
  };
}

/** The service does not know `token`: ends the session, unless it has another. */
export function refuseToken(token: string): void {
  if (session.get().token === token) endSession("refused");
}

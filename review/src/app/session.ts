// Who is signed in: a credential, in memory and in sessionStorage, so that it
// outlives a reload of the page and not the tab.
import { Store } from "./store";

/** Why nobody is signed in any more; undefined: nobody was. */
export type Ending = "signed-out" | "idle" | "refused";

export interface Session {
  /** A token of a local account, or a JWT of the identity provider. */
  token: string | undefined;
  ended: Ending | undefined;
}

const KEY = "frank.token";

function kept(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

export const session = new Store<Session>({ token: kept(), ended: undefined });

export function signIn(token: string): void {
  sessionStorage.setItem(KEY, token);
  session.set({ token, ended: undefined });
}

export function endSession(ended: Ending): void {
  sessionStorage.removeItem(KEY);
  session.set({ token: undefined, ended });
}

/** The service does not know `token`: ends the session, unless it has another. */
export function refuseToken(token: string): void {
  if (session.get().token === token) endSession("refused");
}

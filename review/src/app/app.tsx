import type { Transport } from "@connectrpc/connect";
import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useMemo, useState, type ReactNode } from "react";
import { clientsOver, ClientsContext } from "../api/clients";
import { newQueryClient } from "../api/query-client";
import { SelfContext, useSelfQuery } from "../api/self";
import { Button } from "../parts/button";
import { ProblemNote } from "../parts/problem-note";
import { SignIn } from "../screens/sign-in";
import { Announcements } from "./announce";
import { listenForKeys } from "./keys";
import { followTheme } from "./preferences";
import { followOtherTabs, session, signOut } from "./session";
import { Shell } from "./shell";
import { useStore } from "./store";

/** Asks who is signed in, and shows the rest to them. */
function SignedIn() {
  const self = useSelfQuery();
  if (self.data) {
    return (
      <SelfContext value={self.data}>
        <Shell />
      </SelfContext>
    );
  }
  return (
    <main className="sign-in">
      <h1 className="brand">
        frank <span>review</span>
      </h1>
      {self.failureCount > 0 ? (
        <>
          <ProblemNote error={self.failureReason} onRetry={() => void self.refetch()} />
          <Button onClick={signOut}>Sign out</Button>
        </>
      ) : (
        <p role="status">Signing in …</p>
      )}
    </main>
  );
}

/**
 * One session, or the time between two. It has a cache of its own: whatever comes
 * of what one person asked for, the next never sees it.
 */
function Session({ children }: { children: ReactNode }) {
  const [queries] = useState(newQueryClient);
  useEffect(
    () => () => {
      queries.clear();
    },
    [queries],
  );
  return <QueryClientProvider client={queries}>{children}</QueryClientProvider>;
}

function Sessions() {
  const { token, ended } = useStore(session);
  return (
    <Session key={token ?? ""}>
      {token === undefined ? <SignIn ended={ended} /> : <SignedIn />}
    </Session>
  );
}

export function App({ transport }: { transport: Transport }) {
  const clients = useMemo(() => clientsOver(transport), [transport]);
  useEffect(listenForKeys, []);
  useEffect(followTheme, []);
  useEffect(followOtherTabs, []);
  return (
    <ClientsContext value={clients}>
      <Sessions />
      <Announcements />
    </ClientsContext>
  );
}

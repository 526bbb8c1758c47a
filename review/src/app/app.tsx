import type { Transport } from "@connectrpc/connect";
import { QueryClientProvider, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, type ReactNode } from "react";
import { clientsOver, ClientsContext } from "../api/clients";
import { newQueryClient } from "../api/query-client";
import { SelfContext, useSelfQuery } from "../api/self";
import { ProblemNote } from "../parts/problem-note";
import { SignIn } from "../screens/sign-in";
import { Announcements } from "./announce";
import { listenForKeys } from "./keys";
import { followTheme } from "./preferences";
import { session } from "./session";
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
        <ProblemNote error={self.failureReason} onRetry={() => void self.refetch()} />
      ) : (
        <p role="status">Signing in …</p>
      )}
    </main>
  );
}

/** What one person saw is gone when the next signs in. */
function Sessions() {
  const { token, ended } = useStore(session);
  const queries = useQueryClient();
  useEffect(() => {
    if (token !== undefined) return;
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "config" });
    queries.getMutationCache().clear();
  }, [token, queries]);
  return token === undefined ? <SignIn ended={ended} /> : <SignedIn key={token} />;
}

function Surroundings({
  transport,
  children,
}: {
  transport: Transport;
  children: ReactNode;
}) {
  const clients = useMemo(() => clientsOver(transport), [transport]);
  const queries = useMemo(() => newQueryClient(), []);
  useEffect(listenForKeys, []);
  useEffect(followTheme, []);
  return (
    <ClientsContext value={clients}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </ClientsContext>
  );
}

export function App({ transport }: { transport: Transport }) {
  return (
    <Surroundings transport={transport}>
      <Sessions />
      <Announcements />
    </Surroundings>
  );
}

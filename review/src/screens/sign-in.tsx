import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent } from "react";
import { fetchConfig, type OidcConfig } from "../api/config";
import {
  beginSignIn,
  finishSignIn,
  isReturning,
  SignInError,
  type Failure,
} from "../app/oidc";
import { signIn, type Ending } from "../app/session";
import { Button } from "../parts/button";
import { Field } from "../parts/field";

const ENDED: Record<Ending, string> = {
  "signed-out": "You are signed out.",
  idle: "You were signed out, since nothing was touched for a while.",
  refused: "The service does not accept this, or does not any more. Sign in again.",
};

/** `isOnly`: there is no other way in. */
function TokenForm({ isOnly }: { isOnly: boolean }) {
  const [token, setToken] = useState("");
  const [missing, setMissing] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token.trim()) signIn(token.trim());
    else setMissing(true);
  };
  return (
    <form onSubmit={submit} className="stack">
      <Field
        label="Token"
        hint="As an administrator gave it to you. It stays in this tab and ends with it."
        error={missing && !token ? "Paste the token first." : undefined}
      >
        {(ids) => (
          <input
            {...ids}
            type="password"
            className="input mono"
            autoComplete="current-password"
            spellCheck={false}
            value={token}
            onChange={(event) => {
              setToken(event.target.value);
            }}
          />
        )}
      </Field>
      <Button kind={isOnly ? "primary" : "plain"} type="submit">
        {isOnly ? "Sign in" : "Sign in with the token"}
      </Button>
    </form>
  );
}

const FAILURES: Record<Failure, readonly [title: string, advice: string]> = {
  away: [
    "The identity provider cannot be reached, or cannot do this now",
    "Try again in a moment.",
  ],
  denied: [
    "The identity provider did not let you in",
    "It was broken off there, or your account there may not come here. Try again, or ask who looks after your account.",
  ],
  stale: [
    "This is no answer to a question of this page",
    "It may be of an earlier attempt, or come a second time. Sign in again.",
  ],
  unfit: [
    "The identity provider and this service are not set up for each other",
    "Tell whoever runs the service.",
  ],
};

function FailureNote({ error }: { error: unknown }) {
  const [title, advice] =
    FAILURES[error instanceof SignInError ? error.failure : "unfit"];
  return (
    <div className="problem" role="alert">
      <p>
        <strong>{title}.</strong> {advice}
      </p>
    </div>
  );
}

interface ProviderSignInProps {
  config: OidcConfig;
  /** Whoever signs in need not be who left. */
  anew: boolean;
}

function ProviderSignIn({ config, anew }: ProviderSignInProps) {
  const leave = useMutation({ mutationFn: () => beginSignIn(config, anew) });
  const finish = useMutation({
    mutationFn: () => finishSignIn(config),
    onSuccess: signIn,
  });
  const { mutate } = finish;
  useEffect(() => {
    if (isReturning()) mutate();
  }, [mutate]);
  if (finish.isPending) return <p role="status">Signing in …</p>;
  const error = leave.error ?? finish.error;
  return (
    <div className="stack">
      {error && <FailureNote error={error} />}
      <Button kind="primary" busy={leave.isPending} onClick={() => leave.mutate()}>
        Sign in at {new URL(config.issuer).host}
      </Button>
    </div>
  );
}

export function SignIn({ ended }: { ended: Ending | undefined }) {
  const config = useQuery({
    queryKey: ["config"],
    queryFn: fetchConfig,
    staleTime: Infinity,
  });
  return (
    <main className="sign-in">
      <h1 className="brand">
        frank <span>review</span>
      </h1>
      <p className="faint">For moderators. Who has no way in asks an administrator.</p>
      {ended && <p role="status">{ENDED[ended]}</p>}
      {config.data?.oidc && (
        <ProviderSignIn
          config={config.data.oidc}
          anew={ended === "signed-out" || ended === "idle"}
        />
      )}
      {config.data?.localTokens && <TokenForm isOnly={!config.data.oidc} />}
      {config.isPending && <p role="status">Asking the service how to sign in …</p>}
      {config.isError && (
        <div className="problem" role="alert">
          <p>
            <strong>The service cannot be reached.</strong> This page tries again by
            itself.
          </p>
        </div>
      )}
    </main>
  );
}

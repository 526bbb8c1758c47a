import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { fetchConfig, type OidcConfig } from "../api/config";
import { beginSignIn, finishSignIn, isReturning } from "../app/oidc";
import { signIn, type Ending } from "../app/session";
import { Button } from "../parts/button";
import { Field } from "../parts/field";

const ENDED: Record<Ending, string> = {
  "signed-out": "You are signed out.",
  idle: "You were signed out, since nothing was touched for a while.",
  refused: "The service does not accept this any more. Sign in again.",
};

function TokenForm() {
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
      <Button kind="primary" type="submit">
        Sign in
      </Button>
    </form>
  );
}

function ProviderButton({ config }: { config: OidcConfig }) {
  const [failure, setFailure] = useState("");
  const finishing = useRef(false);
  const fail = (error: unknown) => {
    setFailure(error instanceof Error ? error.message : "it did not answer");
  };
  useEffect(() => {
    if (!isReturning() || finishing.current) return;
    finishing.current = true;
    finishSignIn(config).then(signIn, fail);
  }, [config]);
  return (
    <div className="stack">
      <Button
        kind="primary"
        onClick={() => {
          beginSignIn(config).catch(fail);
        }}
      >
        Sign in at {new URL(config.issuer).host}
      </Button>
      {failure && (
        <p className="problem" role="alert">
          <strong>Signing in failed:</strong> {failure}.
        </p>
      )}
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
      {ended && <p role="status">{ENDED[ended]}</p>}
      {config.data?.oidc && <ProviderButton config={config.data.oidc} />}
      {config.data?.localTokens && <TokenForm />}
      {config.isPending && <p role="status">Asking the service how to sign in …</p>}
      {config.isError && (
        <p className="problem" role="alert">
          <strong>The service cannot be reached.</strong> This page tries again by itself.
        </p>
      )}
    </main>
  );
}

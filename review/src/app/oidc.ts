// The code flow of OpenID Connect with PKCE (RFC 7636), for a public client.
// Between the two halves the verifier waits in sessionStorage.
import type { OidcConfig } from "../api/config";

interface Endpoints {
  authorization_endpoint: string;
  token_endpoint: string;
}

interface Waiting {
  state: string;
  nonce: string;
  verifier: string;
}

const KEY = "frank.oidc";

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

function randomText(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

export async function challengeOf(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(verifier),
  );
  return base64url(new Uint8Array(digest));
}

async function discover(issuer: string): Promise<Endpoints> {
  const response = await fetch(
    `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
  );
  if (!response.ok) throw new Error("the identity provider does not describe itself");
  const found = (await response.json()) as Endpoints & { issuer?: string };
  if (found.issuer !== issuer) throw new Error("the identity provider has another name");
  return found;
}

function ownAddress(): string {
  return window.location.origin + window.location.pathname;
}

/** Leaves for the identity provider. */
export async function beginSignIn(config: OidcConfig): Promise<void> {
  const endpoints = await discover(config.issuer);
  const waiting: Waiting = {
    state: randomText(),
    nonce: randomText(),
    verifier: randomText(),
  };
  sessionStorage.setItem(KEY, JSON.stringify(waiting));
  const address = new URL(endpoints.authorization_endpoint);
  const parameters = {
    response_type: "code",
    client_id: config.clientId,
    redirect_uri: ownAddress(),
    scope: config.scopes,
    state: waiting.state,
    nonce: waiting.nonce,
    code_challenge: await challengeOf(waiting.verifier),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(parameters)) {
    address.searchParams.set(name, value);
  }
  window.location.assign(address);
}

/** Whether the address is the provider's answer. */
export function isReturning(): boolean {
  const query = new URLSearchParams(window.location.search);
  return query.has("state") && (query.has("code") || query.has("error"));
}

/** Takes what waited, once: an answer that comes again finds nothing. */
function takeWaiting(state: string | null): Waiting {
  const waiting = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Waiting | null;
  sessionStorage.removeItem(KEY);
  if (!waiting || waiting.state !== state) {
    throw new Error("the answer is not to a question of this page");
  }
  return waiting;
}

/** Turns the provider's answer into a token for the service. */
export async function finishSignIn(config: OidcConfig): Promise<string> {
  const query = new URLSearchParams(window.location.search);
  history.replaceState(null, "", ownAddress() + window.location.hash);
  const waiting = takeWaiting(query.get("state"));
  const code = query.get("code");
  if (!code) throw new Error("the identity provider did not let you in");
  const endpoints = await discover(config.issuer);
  const response = await fetch(endpoints.token_endpoint, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: config.clientId,
      redirect_uri: ownAddress(),
      code,
      code_verifier: waiting.verifier,
    }),
  });
  if (!response.ok) throw new Error("the identity provider did not take its own code");
  const tokens = (await response.json()) as { access_token?: string; id_token?: string };
  return chooseToken(tokens, waiting.nonce);
}

function claimsOf(jwt: string): { nonce?: string } {
  const body = jwt.split(".")[1] ?? "";
  const json = atob(body.replaceAll("-", "+").replaceAll("_", "/"));
  return JSON.parse(json) as { nonce?: string };
}

/**
 * The access token where it is a JWT, else the id token; the service verifies
 * it. The nonce ties the id token to this page's question.
 */
export function chooseToken(
  tokens: { access_token?: string; id_token?: string },
  nonce: string,
): string {
  if (tokens.id_token && claimsOf(tokens.id_token).nonce !== nonce) {
    throw new Error("the token answers another question");
  }
  const isJwt = (tokens.access_token ?? "").split(".").length === 3;
  const token = isJwt ? tokens.access_token : tokens.id_token;
  if (!token) throw new Error("the identity provider gave no token");
  return token;
}

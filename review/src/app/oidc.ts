// The code flow of OpenID Connect with PKCE (RFC 7636), for a public client.
// Between the two halves the verifier waits in sessionStorage, with the place
// that one wanted to be at.
import type { OidcConfig } from "../api/config";
import { packUnsent } from "./unsent";

/**
 * Why a sign-in came to nothing. away: the provider does not answer, or cannot
 * now; denied: it let nobody in; stale: its answer is to another question, or came
 * before; unfit: it and this tool are not set up for each other.
 */
export type Failure = "away" | "denied" | "stale" | "unfit";

export class SignInError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(`sign-in: ${failure}`);
    this.failure = failure;
  }
}

interface Endpoints {
  authorization_endpoint: string;
  token_endpoint: string;
}

interface Waiting {
  state: string;
  nonce: string;
  verifier: string;
  /** Hash of the address. */
  place: string;
}

export interface Tokens {
  access_token?: string;
  id_token?: string;
}

const KEY = "frank.oidc";
const TIMEOUT_MS = 20_000;

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

/** The provider's answer, whatever its status; `away` where there is none. */
async function ask(address: string, init: RequestInit = {}): Promise<Response> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(address, { ...init, signal }).catch(() => undefined);
  if (!response || response.status >= 500) throw new SignInError("away");
  return response;
}

async function jsonOf<T>(response: Response): Promise<T> {
  return (await response.json().catch(() => {
    throw new SignInError("unfit");
  })) as T;
}

async function discover(issuer: string): Promise<Endpoints> {
  const response = await ask(
    `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
  );
  if (!response.ok) throw new SignInError("unfit");
  const found = await jsonOf<Endpoints & { issuer?: string }>(response);
  if (found.issuer !== issuer) throw new SignInError("unfit");
  return found;
}

/** Where the provider sends people back to: the tool is the root of its port. */
function ownAddress(): string {
  return `${window.location.origin}/`;
}

/**
 * Leaves for the identity provider, which asks who it is even if it knows: `anew`,
 * for whoever comes after somebody who left.
 */
export async function beginSignIn(config: OidcConfig, anew: boolean): Promise<void> {
  const endpoints = await discover(config.issuer);
  const waiting: Waiting = {
    state: randomText(),
    nonce: randomText(),
    verifier: randomText(),
    place: window.location.hash,
  };
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
    ...(anew && { prompt: "login" }),
  };
  for (const [name, value] of Object.entries(parameters)) {
    address.searchParams.set(name, value);
  }
  sessionStorage.setItem(KEY, JSON.stringify(waiting));
  packUnsent();
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
  if (!waiting || waiting.state !== state) throw new SignInError("stale");
  return waiting;
}

/** What the provider's word for a refusal (RFC 6749, 4.1.2.1 and 5.2) means. */
export function failureOf(error: unknown): Failure {
  if (error === "access_denied") return "denied";
  if (error === "invalid_grant") return "stale";
  if (error === "temporarily_unavailable" || error === "server_error") return "away";
  return "unfit";
}

async function redeem(
  config: OidcConfig,
  code: string,
  verifier: string,
): Promise<Tokens> {
  const endpoints = await discover(config.issuer);
  const response = await ask(endpoints.token_endpoint, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: config.clientId,
      redirect_uri: ownAddress(),
      code,
      code_verifier: verifier,
    }),
  });
  const answer = await jsonOf<Tokens & { error?: string }>(response);
  if (!response.ok) throw new SignInError(failureOf(answer.error));
  return answer;
}

/**
 * Turns the provider's answer into a token for the service, and the address into
 * that of the place where one wanted to be.
 */
export async function finishSignIn(config: OidcConfig): Promise<string> {
  const query = new URLSearchParams(window.location.search);
  // Whatever comes of it: the code is for this once.
  history.replaceState(null, "", ownAddress());
  const waiting = takeWaiting(query.get("state"));
  history.replaceState(null, "", ownAddress() + waiting.place);
  const code = query.get("code");
  if (code === null) throw new SignInError(failureOf(query.get("error")));
  return chooseToken(await redeem(config, code, waiting.verifier), waiting.nonce);
}

function nonceOf(jwt: string): unknown {
  const body = jwt.split(".")[1] ?? "";
  try {
    const json = atob(body.replaceAll("-", "+").replaceAll("_", "/"));
    return (JSON.parse(json) as { nonce?: unknown }).nonce;
  } catch {
    return undefined;
  }
}

/**
 * The access token where it is a JWT, else the id token; the service verifies
 * it. The nonce ties the id token to this page's question.
 */
export function chooseToken(tokens: Tokens, nonce: string): string {
  if (tokens.id_token && nonceOf(tokens.id_token) !== nonce) {
    throw new SignInError("stale");
  }
  const isJwt = (tokens.access_token ?? "").split(".").length === 3;
  const token = isJwt ? tokens.access_token : tokens.id_token;
  if (!token) throw new SignInError("unfit");
  return token;
}

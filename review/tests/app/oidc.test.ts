import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  beginSignIn,
  challengeOf,
  chooseToken,
  failureOf,
  finishSignIn,
  SignInError,
} from "../../src/app/oidc";

const ISSUER = "https://id.example";
const CONFIG = { issuer: ISSUER, clientId: "review", scopes: "openid" };

/** What the provider answers, by the path that is asked. */
let answers: Record<string, () => Response | Promise<Response>>;
let left: URL | undefined;

beforeEach(() => {
  left = undefined;
  answers = {
    "/.well-known/openid-configuration": () =>
      Response.json({
        issuer: ISSUER,
        authorization_endpoint: `${ISSUER}/auth`,
        token_endpoint: `${ISSUER}/token`,
      }),
  };
  vi.stubGlobal("fetch", async (address: string) => {
    const answer = answers[new URL(address).pathname];
    if (!answer) throw new TypeError("no such path");
    return answer();
  });
  vi.spyOn(window.location, "assign").mockImplementation((address) => {
    left = new URL(address);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  sessionStorage.clear();
  history.replaceState(null, "", "/");
});

function jwt(claims: object): string {
  return `e30.${btoa(JSON.stringify(claims))}.c2ln`;
}

/** Leaves from a place and comes back with what the provider put in the query. */
async function comeBack(answer: Record<string, string>): Promise<string> {
  history.replaceState(null, "", "/#/case/00ff/notes");
  await beginSignIn(CONFIG, false);
  const state = left?.searchParams.get("state") ?? "";
  const query = new URLSearchParams({ state, ...answer });
  history.replaceState(null, "", `/?${query.toString()}`);
  return finishSignIn(CONFIG);
}

async function failureIn(promise: Promise<unknown>): Promise<unknown> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof SignInError ? error.failure : error;
}

test("the challenge is that of RFC 7636, appendix B", async () => {
  expect(await challengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")).toBe(
    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  );
});

test("who comes back has a token, and is where they wanted to be", async () => {
  answers["/token"] = () => Response.json({ access_token: jwt({ sub: "rita" }) });
  expect(await comeBack({ code: "once" })).toBe(jwt({ sub: "rita" }));
  expect(window.location.hash).toBe("#/case/00ff/notes");
  expect(window.location.search).toBe("");
});

test("the provider asks anew for whoever comes after somebody who left", async () => {
  await beginSignIn(CONFIG, false);
  expect(left?.searchParams.get("prompt")).toBeNull();
  await beginSignIn(CONFIG, true);
  expect(left?.searchParams.get("prompt")).toBe("login");
});

test("who is not let in is still where they wanted to be", async () => {
  expect(await failureIn(comeBack({ error: "access_denied" }))).toBe("denied");
  expect(window.location.hash).toBe("#/case/00ff/notes");
});

test("an answer with another state is taken by nobody, nor is one that comes again", async () => {
  answers["/token"] = () => Response.json({ access_token: jwt({}) });
  expect(await failureIn(comeBack({ code: "once", state: "another" }))).toBe("stale");
  expect(window.location.search).toBe("");
  await comeBack({ code: "once" });
  expect(await failureIn(finishSignIn(CONFIG))).toBe("stale");
});

test("each refusal of the provider has its meaning", () => {
  expect(failureOf("access_denied")).toBe("denied");
  expect(failureOf("invalid_grant")).toBe("stale");
  expect(failureOf("temporarily_unavailable")).toBe("away");
  expect(failureOf("invalid_scope")).toBe("unfit");
  expect(failureOf(null)).toBe("unfit");
});

test("a provider that is away, refuses the code or talks nonsense is told apart", async () => {
  const failure = () => failureIn(comeBack({ code: "once" }));
  expect(await failure()).toBe("away");
  answers["/token"] = () => new Response("", { status: 502 });
  expect(await failure()).toBe("away");
  answers["/token"] = () => Response.json({ error: "invalid_grant" }, { status: 400 });
  expect(await failure()).toBe("stale");
  answers["/token"] = () => new Response("<html>");
  expect(await failure()).toBe("unfit");
  answers["/.well-known/openid-configuration"] = () =>
    Response.json({ issuer: "https://another.example" });
  expect(await failureIn(beginSignIn(CONFIG, false))).toBe("unfit");
});

test("an id token that answers another question is refused", () => {
  for (const id_token of [jwt({ nonce: "another" }), "no.jwt"]) {
    expect(() => chooseToken({ access_token: jwt({}), id_token }, "mine")).toThrow();
  }
});

test("an access token that is no JWT gives way to the id token", () => {
  const id_token = jwt({ nonce: "mine" });
  expect(chooseToken({ access_token: "opaque", id_token }, "mine")).toBe(id_token);
  expect(chooseToken({ access_token: jwt({ a: 1 }), id_token }, "mine")).toBe(
    jwt({ a: 1 }),
  );
});

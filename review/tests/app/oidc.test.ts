import { expect, test } from "vitest";
import { challengeOf, chooseToken } from "../../src/app/oidc";

test("the challenge is that of RFC 7636, appendix B", async () => {
  expect(await challengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")).toBe(
    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  );
});

function jwt(claims: object): string {
  return `e30.${btoa(JSON.stringify(claims))}.c2ln`;
}

test("an id token that answers another question is refused", () => {
  const id_token = jwt({ nonce: "another" });
  expect(() => chooseToken({ access_token: jwt({}), id_token }, "mine")).toThrow();
});

test("an access token that is no JWT gives way to the id token", () => {
  const id_token = jwt({ nonce: "mine" });
  expect(chooseToken({ access_token: "opaque", id_token }, "mine")).toBe(id_token);
  expect(chooseToken({ access_token: jwt({ a: 1 }), id_token }, "mine")).toBe(
    jwt({ a: 1 }),
  );
});

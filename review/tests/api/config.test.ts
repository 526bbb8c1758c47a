import { expect, test } from "vitest";
import { parseConfig } from "../../src/api/config";

test("a provider is read with its scopes", () => {
  const oidc = {
    issuer: "https://id.example",
    clientId: "tool",
    scopes: ["openid", "roles"],
  };
  expect(parseConfig({ localTokens: false, oidc })).toEqual({
    localTokens: false,
    oidc: { issuer: "https://id.example", clientId: "tool", scopes: "openid roles" },
    auditVkey: "",
  });
});

test("what is missing or of another type is absent", () => {
  const nothing = { localTokens: true, oidc: undefined, auditVkey: "" };
  expect(parseConfig({})).toEqual(nothing);
  expect(parseConfig(null)).toEqual(nothing);
  expect(parseConfig({ oidc: 7, auditVkey: 1 })).toEqual(nothing);
});

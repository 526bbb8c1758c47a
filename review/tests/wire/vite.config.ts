import { defineConfig } from "vitest/config";

// The client library against a real port: FRANK_WEB, with the token FRANK_TOKEN
// of a reviewer. NODE_EXTRA_CA_CERTS names who vouches for the server.
export default defineConfig({
  test: { environment: "node", include: ["tests/wire/*.wire.ts"], pool: "threads" },
});

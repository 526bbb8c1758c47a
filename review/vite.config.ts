import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The files that frank-moderation serves. Its content security policy allows
// nothing inline, so nothing is inlined: no data: URLs, no script in the page.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "dist",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2023",
    // The limit of 350 kB is of what is sent, compressed, and tested.
    chunkSizeWarningLimit: 1000,
  },
  test: {
    environment: "happy-dom",
    include: ["tests/**/*.test.{ts,tsx}"],
    pool: "threads",
    maxWorkers: 2,
    testTimeout: 20_000,
    // The page's storage, not Node's own.
    execArgv: ["--no-experimental-webstorage"],
  },
});

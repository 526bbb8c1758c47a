import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// `npm run dev`: the tool over a town in memory, with no server.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { outDir: "../../dist-world", emptyOutDir: true },
});

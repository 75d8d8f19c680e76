/**
 * The playground as a site: served from the sources of the workspaces, built so that it can be put anywhere.
 */
import { fileURLToPath } from "node:url";
import { defaultClientConditions, defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  resolve: { conditions: ["gen-leader-source", ...defaultClientConditions] },
  // Named here so that the first visit does not find them out one after the other, and reload for each.
  optimizeDeps: { include: ["preact", "preact/hooks", "preact/jsx-runtime", "preact/jsx-dev-runtime", "uplot"] },
  worker: { format: "es" },
  server: { host: "127.0.0.1", port: 5173, strictPort: false },
  build: { outDir: "dist", emptyOutDir: true, target: "es2023" },
});

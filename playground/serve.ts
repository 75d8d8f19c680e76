/**
 * `npm start`: serves the playground on this machine and opens it where a browser is at hand. A busy port is passed over;
 * that no browser can be opened is no error.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createServer } from "vite";
import { openBrowser } from "./open-browser.js";

const usage = `Usage: npm start -- [options]

  --no-open     do not open a browser
  --port <n>    the port to try first   (5173)
  --help        print this text`;

const { values } = parseArgs({
  options: {
    "no-open": { type: "boolean", default: false },
    port: { type: "string", default: "5173" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(usage);
} else {
  const server = await createServer({
    configFile: fileURLToPath(new URL("./vite.config.ts", import.meta.url)),
    server: { host: "127.0.0.1", port: Number(values.port), strictPort: false },
    clearScreen: false,
  });
  await server.listen();
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error("The server listens on no address of this machine.");
  console.log(`\n  The playground is at ${url}\n  Open it in several tabs. Ctrl+C ends it.\n`);
  if (!values["no-open"]) openBrowser(url);
}

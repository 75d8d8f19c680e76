/**
 * The pages that the browser tests load, from a server on this machine.
 */
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** A running server. */
export interface Site {
  /** The page that runs `peer.page.ts`. */
  readonly peerUrl: string;
  /** As `peerUrl`, with a content security policy that forbids workers. */
  readonly strictUrl: string;
  /** A page of another site, with nothing in it. */
  readonly otherUrl: string;
  close(): void;
}

/** Bundles the page's script and serves it. */
export async function serveSite(): Promise<Site> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("./peer.page.ts", import.meta.url))],
    bundle: true,
    write: false,
    platform: "browser",
    format: "esm",
    target: "es2023",
    conditions: ["gen-leader-source"],
    logLevel: "silent",
  });
  const script = outputFiles[0]?.text ?? "";
  const answers: Readonly<Record<string, readonly [type: string, body: string]>> = {
    "/": ["text/html", '<!doctype html><title>peer</title><script type="module" src="/peer.js"></script>'],
    "/strict": ["text/html", '<!doctype html><title>peer</title><script type="module" src="/peer.js"></script>'],
    "/peer.js": ["text/javascript", script],
    "/other": ["text/html", "<!doctype html><title>other</title>"],
  };
  const server = createServer((request, response) => {
    const [type, body] = answers[request.url ?? ""] ?? ["text/plain", ""];
    response.setHeader("content-type", `${type}; charset=utf-8`);
    if (request.url === "/strict") response.setHeader("content-security-policy", "worker-src 'none'");
    response.end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return {
    peerUrl: `http://127.0.0.1:${address.port}/`,
    strictUrl: `http://127.0.0.1:${address.port}/strict`,
    otherUrl: `http://localhost:${address.port}/other`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

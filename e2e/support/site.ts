/**
 * The site under test: the pages as a user's bundler would build them, served on this machine.
 *
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, defaultClientConditions, type InlineConfig, preview } from "vite";
import { insecureHost } from "./browser.js";

const variable = "GEN_LEADER_E2E_SITE";

/** What the pages know of which release they are of. */
export const release = { present: 1, next: 2 } as const;

/** The address of a page of the site. */
export function siteUrl(path: string): string {
  const base = process.env[variable];
  if (base === undefined) throw new Error(`${variable} is not set. Run the tests with \`npm run e2e\`.`);
  return new URL(path, base).href;
}

/** The address of the same page on another site, as browsers take it: by another name of this machine. */
export function otherSiteUrl(path: string): string {
  const url = new URL(siteUrl(path));
  url.hostname = "localhost";
  return url.href;
}

/** The address of the same page where browsers have no Web Locks: served as most of the web is not any more, without TLS. */
export function insecureUrl(path: string): string {
  const url = new URL(siteUrl(path));
  url.hostname = insecureHost;
  return url.href;
}

/** A served site. */
export interface Site {
  /** What the processes of the tests need in their environment to find it. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Builds the pages, those of the next release, a second copy of what a page runs, and the playground; serves them all. */
export async function serveSite(): Promise<Site> {
  const root = fileURLToPath(new URL("../pages/", import.meta.url));
  const outDir = await mkdtemp(join(tmpdir(), "gen-leader-site-"));
  const playground = fileURLToPath(new URL("../../playground/vite.config.ts", import.meta.url));
  const options = (number: number, to: string): InlineConfig => ({
    configFile: false,
    root,
    base: "./",
    resolve: { conditions: ["gen-leader-source", ...defaultClientConditions] },
    define: { RELEASE: String(number) },
    logLevel: "warn",
    worker: { format: "es" },
    build: {
      outDir: to,
      emptyOutDir: false,
      target: "es2023",
      minify: false,
      sourcemap: true,
      rollupOptions: { input: ["peer.html", "away.html", "store.html"].map((page) => `${root}${page}`) },
    },
  });
  await build(options(release.present, outDir));
  await build(options(release.next, join(outDir, "next")));
  const copy = { entry: `${root}src/peer.ts`, formats: ["es" as const], fileName: () => "copy.js" };
  const { build: output, ...pages } = options(release.present, outDir);
  await build({ ...pages, build: { ...output, lib: copy, rollupOptions: {} } });
  await build({ configFile: playground, logLevel: "warn", build: { outDir: join(outDir, "playground"), emptyOutDir: true } });
  const server = await preview({
    configFile: false,
    root,
    logLevel: "warn",
    build: { outDir },
    // A sandboxed frame is of an origin of its own, and has to be let in.
    preview: { host: "127.0.0.1", port: 0, strictPort: false, open: false, allowedHosts: [insecureHost], cors: true },
  });
  const base = server.resolvedUrls?.local[0];
  if (base === undefined) throw new Error("The server of the pages listens on no address of this machine.");
  return {
    environment: { [variable]: base },
    async close() {
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}

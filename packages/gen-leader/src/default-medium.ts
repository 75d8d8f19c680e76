/**
 * The medium that fits this runtime: a browser's, or what is there of one.
 *
 * @module
 */
import { createBrowserMedium, createBrowserWithoutLocksMedium } from "@gen-leader/adapters/browser";
import { createMemoryMedium } from "@gen-leader/adapters/memory";
import { UnsupportedRuntimeError } from "@gen-leader/behaviour";
import type { MediumFactory } from "@gen-leader/protocol";

/** What is looked at to tell runtimes apart. */
interface Host {
  readonly ServiceWorkerGlobalScope?: unknown;
  readonly BroadcastChannel?: unknown;
  readonly navigator?: { readonly locks?: unknown };
  /** The word `null` in a sandboxed frame, whose origin is nobody else's; and on a page from a file, which has the locks all the same. */
  readonly origin?: string;
  readonly location?: { readonly protocol: string };
  /** There in Node, and in what bundlers make of it. */
  readonly process?: { readonly versions?: { readonly node?: string }; readonly type?: string };
}

/**
 * In browsers: Web Locks and BroadcastChannel, or heartbeats where locks are missing, as in insecure contexts, or denied, as in
 * sandboxed frames. In Node, as under jsdom, where this build is taken for its `browser` condition: memory, since a window there
 * has no other tabs; then each realm has a leader of its own and nothing keeps the process alive.
 * @throws UnsupportedRuntimeError in service workers, and where there is no BroadcastChannel
 */
export function createDefaultMedium(host: Host = globalThis): MediumFactory {
  // Electron's renderers have Node's `process` and are browsers all the same.
  const isNode = host.process?.versions?.node !== undefined && host.process.type !== "renderer";
  if (isNode) return createMemoryMedium();
  if (host.ServiceWorkerGlobalScope !== undefined) {
    throw new UnsupportedRuntimeError(
      "A service worker is ended by the browser whenever it idles, so it can neither lead nor follow. Start the server in a page or another worker, and let the service worker post messages to it.",
    );
  }
  if (host.BroadcastChannel === undefined) {
    throw new UnsupportedRuntimeError(
      "This runtime has no BroadcastChannel. Pass a medium of your own to start, or createMemoryMedium() from gen-leader/memory to run alone.",
    );
  }
  // A sandboxed frame has the locks, and is denied every use of them.
  const isSandboxed = host.origin === "null" && host.location?.protocol !== "file:";
  return host.navigator?.locks !== undefined && !isSandboxed ? createBrowserMedium() : createBrowserWithoutLocksMedium();
}

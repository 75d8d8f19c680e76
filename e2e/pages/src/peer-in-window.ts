/**
 * A peer in another window that this page has made: in a frame, or in a window of its own. It shows the same page, which then serves the
 * page that made it, and tells the test through that.
 *
 * @module
 */
import { expose, type Remote, windowEndpoint, wrap } from "comlink";
import type { PeerApi } from "./peer.js";
import type { Report } from "./records.js";

/** What the page finds in the other window. */
export interface PeerInWindow {
  start(): Promise<void>;
  invoke(method: keyof PeerApi, args: readonly unknown[]): Promise<unknown>;
}

/** What the other window says by itself: that it serves, or what the test is to be told. */
interface Notice {
  readonly notice: "serves" | Report;
}

/** The window whose page has made this one, if there is one. */
function maker(): Window | null {
  if (window.parent !== window) return window.parent;
  const opener: Window | null = window.opener;
  return opener;
}

function notify(to: Window, notice: Notice["notice"]): void {
  to.postMessage({ notice } satisfies Notice, "*");
}

/** Calls `hear` with what windows say by themselves. */
function hearNotices(hear: (notice: Notice["notice"], from: MessageEventSource | null) => void, signal?: AbortSignal): void {
  const options = signal === undefined ? {} : { signal };
  addEventListener(
    "message",
    ({ data, source }: MessageEvent<Notice | { readonly notice?: undefined } | null>) => {
      if (data?.notice !== undefined) hear(data.notice, source);
    },
    options,
  );
}

/** Serves the page that has made this window, if one has. */
export function serveMaker(peer: PeerInWindow): void {
  const to = maker();
  if (to === null) return;
  expose(peer, windowEndpoint(to));
  notify(to, "serves");
}

/** Has the page that made this window tell the test, who does not hear every window. Whether there is such a page. */
export function tellThroughMaker(report: Report): boolean {
  const to = maker();
  if (to === null) return false;
  notify(to, report);
  return true;
}

/** Hears what the windows that this page has made have to tell the test. */
export function hearWindows(hear: (report: Report) => void): void {
  hearNotices((notice) => {
    if (notice !== "serves") hear(notice);
  });
}

/** Starts the peer in a window that `show` shows this page in. */
async function startIn(show: (address: URL) => Window | null): Promise<Remote<PeerInWindow>> {
  const address = new URL(location.href);
  address.searchParams.set("host", "page");
  address.searchParams.set("start", "later");
  const hearing = new AbortController();
  let shown: Window | null = null;
  const serves = new Promise<void>((resolve) => {
    hearNotices((notice, from) => {
      if (notice === "serves" && from === shown) resolve();
    }, hearing.signal);
  });
  try {
    shown = show(address);
    if (shown === null) throw new Error("The browser shows no other window.");
    await serves;
  } finally {
    hearing.abort();
  }
  const peer = wrap<PeerInWindow>(windowEndpoint(shown));
  await peer.start();
  return peer;
}

/** Shows this page once more, in a frame, and starts the peer there: at the address of `site`, sandboxed if it is to have no origin. */
export function startInFrame(site: string, isSandboxed: boolean): Promise<Remote<PeerInWindow>> {
  return startIn((address) => {
    const frame = document.createElement("iframe");
    if (isSandboxed) frame.sandbox.add("allow-scripts");
    frame.src = new URL(`${address.pathname}${address.search}`, site).href;
    document.body.append(frame);
    return frame.contentWindow;
  });
}

let opened: Window | null = null;

/** Shows this page once more, in a window of its own, and starts the peer there. That window goes when this page does. */
export function startInOpenedWindow(): Promise<Remote<PeerInWindow>> {
  return startIn((address) => {
    opened = window.open(address);
    addEventListener("pagehide", closeOpenedWindow);
    return opened;
  });
}

/** Closes the window that this page has opened. */
export function closeOpenedWindow(): void {
  opened?.close();
}

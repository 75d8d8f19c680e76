/**
 * A peer in a frame of the page: of the same origin, or sandboxed, hence of an origin of its own. The frame shows the same page, which then
 * serves the page around it.
 *
 * @module
 */
import { expose, type Remote, windowEndpoint, wrap } from "comlink";
import type { PeerApi } from "./peer.js";
import type { Report } from "./records.js";

/** What the page around finds in the frame. */
export interface FramedPeer {
  start(): Promise<void>;
  invoke(method: keyof PeerApi, args: readonly unknown[]): Promise<unknown>;
}

/** Serves the page around this one, if there is one. */
export function serveAround(framed: FramedPeer): void {
  if (window.parent !== window) expose(framed, windowEndpoint(window.parent));
}

interface FramedReport {
  readonly framed: Report;
}

/** Hands what a frame has to tell to the page around it, since not every frame reaches the test. Whether this is a frame. */
export function tellAround(report: Report): boolean {
  if (window.parent === window) return false;
  window.parent.postMessage({ framed: report } satisfies FramedReport, "*");
  return true;
}

/** Hears what the frames of this page have to tell. */
export function hearFrames(hear: (report: Report) => void): void {
  addEventListener("message", ({ data }: MessageEvent<FramedReport | { readonly framed?: undefined } | null>) => {
    if (data?.framed !== undefined) hear(data.framed);
  });
}

/** Shows this page once more, in a frame, and starts the peer there. */
export async function startInFrame(isSandboxed: boolean): Promise<Remote<FramedPeer>> {
  const frame = document.createElement("iframe");
  if (isSandboxed) frame.sandbox.add("allow-scripts");
  const address = new URL(location.href);
  address.searchParams.set("host", "page");
  address.searchParams.set("start", "later");
  frame.src = address.href;
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
  document.body.append(frame);
  await loaded;
  if (frame.contentWindow === null) throw new Error("The frame shows nothing.");
  const framed = wrap<FramedPeer>(windowEndpoint(frame.contentWindow));
  await framed.start();
  return framed;
}

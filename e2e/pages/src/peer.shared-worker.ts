/**
 * The shared worker that hosts one peer for all pages that ask for it.
 *
 * @module
 */
import { expose } from "comlink";
import { createHostedPeer } from "./hosted-peer.js";

const hosted = createHostedPeer();

addEventListener("connect", (event) => {
  if (!(event instanceof MessageEvent)) return;
  for (const port of event.ports) expose(hosted, port);
});

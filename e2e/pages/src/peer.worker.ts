/**
 * The dedicated worker that hosts a peer of the page.
 *
 * @module
 */
import { expose } from "comlink";
import { createHostedPeer } from "./hosted-peer.js";

expose(createHostedPeer());

/**
 * The dedicated worker that hosts a peer of the page.
 *
 * @module
 */
import { expose } from "comlink";
import { type PeerApi, type PeerSettings, startPeer } from "./peer.js";
import { type PageRecord, wallTime } from "./records.js";

let peer: Promise<PeerApi> | null = null;

/** What the page finds behind the worker: the peer, once it is started. */
export interface HostedPeer {
  start(settings: PeerSettings, records: MessagePort): Promise<void>;
  invoke(method: keyof PeerApi, args: readonly unknown[]): Promise<unknown>;
}

const hosted: HostedPeer = {
  async start(settings, records) {
    peer = startPeer(settings, (observation) => records.postMessage({ ...observation, at: wallTime() } satisfies PageRecord));
    await peer;
  },
  async invoke(method, args) {
    if (peer === null) throw new Error("The peer was not started.");
    return Reflect.apply((await peer)[method], undefined, args);
  },
};

expose(hosted);

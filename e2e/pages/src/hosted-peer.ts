/**
 * What a page finds behind a worker, dedicated or shared: a peer that runs there.
 *
 * @module
 */
import { type PeerApi, type PeerSettings, startPeer } from "./peer.js";
import { type Observation, type PageRecord, wallTime } from "./records.js";

export interface HostedPeer {
  /** Starts the peer, unless another page has. From now on `records` gets what it has to tell, first its present view. */
  start(settings: PeerSettings, records: MessagePort): Promise<void>;
  invoke(method: keyof PeerApi, args: readonly unknown[]): Promise<unknown>;
}

export function createHostedPeer(): HostedPeer {
  let peer: Promise<PeerApi> | null = null;
  let listener: MessagePort | null = null;
  let view: PageRecord | null = null;

  function observe(observation: Observation): void {
    const record: PageRecord = { ...observation, at: wallTime() };
    if (record.type === "status") view = record;
    listener?.postMessage(record);
  }

  addEventListener("error", ({ message }) => observe({ type: "error", message }));
  addEventListener("unhandledrejection", ({ reason }) => observe({ type: "error", message: `unhandled rejection: ${String(reason)}` }));

  return {
    async start(settings, records) {
      listener = records;
      if (view !== null) records.postMessage(view);
      peer ??= startPeer(settings, observe);
      await peer;
    },
    async invoke(method, args) {
      if (peer === null) throw new Error("The peer was not started.");
      return Reflect.apply((await peer)[method], undefined, args);
    },
  };
}

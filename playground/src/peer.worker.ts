/**
 * The entry of a dedicated worker that is a peer of its own: it runs the same behaviour as a page, and lets its page look
 * at it and ask it to do things.
 *
 * @module
 */
import { type Peer, startPeer } from "./peer.js";
import { carry, type FromWorker, type ToWorker } from "./worker-messages.js";

function tell(message: FromWorker): void {
  postMessage(message);
}

let peer: Peer | undefined;

async function begin({ settings }: Extract<ToWorker, { type: "start" }>): Promise<void> {
  try {
    peer = await startPeer(settings, {
      recorded: (event) => tell({ type: "recorded", event }),
      changed: (snapshot) => tell({ type: "changed", snapshot }),
    });
    tell({ type: "started", guarantees: peer.server.guarantees, snapshot: peer.snapshot });
    const { reason } = await peer.server.exited;
    tell({ type: "exited", reason: reason instanceof Error ? reason.message : String(reason) });
  } catch (error) {
    tell({ type: "refused", error: carry(error) });
  }
}

async function answer({ ask, method, args }: Extract<ToWorker, { type: "ask" }>): Promise<void> {
  try {
    if (peer === undefined) throw new Error("This worker's peer has not started.");
    // Where the call came from, its arguments were checked against this very method.
    const value: unknown = await Reflect.apply(peer.server[method], peer.server, args);
    tell({ type: "settled", ask, value });
  } catch (error) {
    tell({ type: "failed", ask, error: carry(error) });
  }
}

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  void (data.type === "start" ? begin(data) : answer(data));
});

/**
 * Frames between the threads of one Node process: a BroadcastChannel for everybody, a MessagePort between two.
 *
 * @module
 */
import type { Transport } from "@gen-leader/protocol";
import type { Station } from "../worker-threads/station.js";

/**
 * The transport of one peer. The first frames to a peer go over the channel, until a link to it stands; they
 * arrive in order all the same. A link is carried by the main thread, so none is made while that is busy.
 */
export function createWorkerThreadsTransport(station: Station): Transport {
  let isOpen = false;
  return {
    open(self, receive) {
      station.onFrame(receive);
      station.open("transport", self);
      isOpen = true;
      return Promise.resolve();
    },
    post(frame) {
      if (isOpen) station.post(frame);
    },
    send(to, frame) {
      if (isOpen) station.send(to, frame);
    },
    close() {
      isOpen = false;
      station.onFrame(null);
      station.close("transport");
    },
  };
}

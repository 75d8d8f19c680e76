/**
 * Frames between peers of one realm, through a queue in memory.
 *
 * @module
 */
import type { PeerId, Transport } from "@gen-leader/protocol";
import type { Defer } from "../defer.js";

/** One cluster's share of a memory hub: makes its transports and cuts off the peers that crash. */
export interface MemoryWire {
  createTransport(): Transport;
  /** As if the peer's realm had ended: nothing goes out of it or comes in any more. */
  crash(peer: PeerId): void;
}

interface Inbox {
  readonly self: PeerId;
  readonly receive: (frame: unknown) => void;
}

/** The wire of one cluster. Frames are cloned when they are sent and delivered one to a task. */
export function createMemoryWire(defer: Defer): MemoryWire {
  const inboxes = new Map<PeerId, Inbox>();

  function deliver(inbox: Inbox, frame: unknown): void {
    defer(() => {
      if (inboxes.get(inbox.self) === inbox) inbox.receive(frame);
    });
  }

  function createTransport(): Transport {
    let own: Inbox | null = null;
    const isOpen = (): boolean => own !== null && inboxes.get(own.self) === own;
    return {
      open(self, receive) {
        own = { self, receive };
        inboxes.set(self, own);
        return Promise.resolve();
      },
      post(frame) {
        if (!isOpen()) return;
        const others = [...inboxes.values()].filter((inbox) => inbox !== own);
        // All copies are made before the first is queued, and one is made even if nobody listens: what
        // cannot be cloned throws here, and then nobody got it.
        const copies = [structuredClone(frame), ...others.slice(1).map(() => structuredClone(frame))];
        for (const [index, inbox] of others.entries()) deliver(inbox, copies[index]);
      },
      send(to, frame) {
        if (!isOpen()) return;
        const copy: unknown = structuredClone(frame);
        const inbox = inboxes.get(to);
        if (inbox !== undefined && inbox !== own) deliver(inbox, copy);
      },
      close() {
        if (own !== null && isOpen()) inboxes.delete(own.self);
        own = null;
      },
    };
  }

  return { createTransport, crash: (peer) => void inboxes.delete(peer) };
}

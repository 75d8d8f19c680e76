/**
 * A port between two peers, in the same thread or in two.
 *
 * @module
 */
import { letProcessEnd } from "../clocks/system.js";
import { isLinkMessage, type LinkMessage } from "./envelopes.js";

/** What is used of a port. One that comes from another thread has no more than that in Deno. */
export interface LinkPort {
  addEventListener(type: "message" | "close", listener: (event: object) => void): void;
  start(): void;
  postMessage(message: unknown): void;
  close(): void;
}

/** One end of a link. */
export interface Link {
  /** Whether `closed` is told of this end: not in Deno, if its port came from another thread. */
  readonly hearsClosing: boolean;
  /** @throws `DataCloneError` if the message cannot be cloned. */
  post(message: LinkMessage): void;
  close(): void;
}

/** What an end tells its owner. */
export interface LinkListener {
  message(message: LinkMessage): void;
  /** The other end was closed, or its thread has ended. Not told after `close`. */
  closed(): void;
}

/** Makes `port` an end of a link. It does not keep the process alive. */
export function createLink(port: LinkPort, listener: LinkListener): Link {
  let isOpen = true;
  port.addEventListener("message", (event) => {
    const message = "data" in event ? event.data : undefined;
    if (isOpen && isLinkMessage(message)) listener.message(message);
  });
  port.addEventListener("close", () => {
    if (!isOpen) return;
    isOpen = false;
    listener.closed();
  });
  port.start();
  letProcessEnd(port);
  return {
    // Such ports lack what Node adds to those of the web, and have no other mark.
    hearsClosing: "on" in port,
    post(message) {
      if (isOpen) port.postMessage(message);
    },
    close() {
      isOpen = false;
      port.close();
    },
  };
}

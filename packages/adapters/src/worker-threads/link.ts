/**
 * A port between two peers, in the same thread or in two.
 *
 * @module
 */
import type { MessagePort } from "node:worker_threads";
import { isLinkMessage, type LinkMessage } from "./envelopes.js";

/** One end of a link. */
export interface Link {
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
export function createLink(port: MessagePort, listener: LinkListener): Link {
  let isOpen = true;
  port.on("message", (message: unknown) => {
    if (isOpen && isLinkMessage(message)) listener.message(message);
  });
  port.on("close", () => {
    if (!isOpen) return;
    isOpen = false;
    listener.closed();
  });
  port.unref();
  return {
    post(message) {
      if (isOpen) port.postMessage(message);
    },
    close() {
      isOpen = false;
      port.close();
    },
  };
}

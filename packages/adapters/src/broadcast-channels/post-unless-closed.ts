/**
 * Posts on a BroadcastChannel that the platform may have closed.
 *
 * @module
 */

/** Posts, unless the channel is closed, as in a document that is going away. @throws `DataCloneError` */
export function postUnlessClosed(channel: BroadcastChannel, message: object): void {
  try {
    channel.postMessage(message);
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== "InvalidStateError") throw error;
  }
}

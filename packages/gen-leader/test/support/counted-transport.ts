/**
 * A transport that counts what goes out.
 *
 * @module
 */
import type { Transport } from "gen-leader";

export function countedTransport(transport: Transport): Transport & { readonly sent: number } {
  let sent = 0;
  return {
    open: (self, receive) => transport.open(self, receive),
    post(frame) {
      sent += 1;
      transport.post(frame);
    },
    send(to, frame) {
      sent += 1;
      transport.send(to, frame);
    },
    close: () => transport.close(),
    get sent() {
      return sent;
    },
  };
}

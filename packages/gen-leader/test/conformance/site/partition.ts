/**
 * A network that can be cut: frames between two sides vanish, and each side takes the other for unresponsive.
 *
 * @module
 */
import { type DownReason, type FailureDetector, isPeerId, type Medium, nameOf, type PeerId, type Transport } from "@gen-leader/protocol";

export interface Partition {
  /** The medium of the peers of one realm, which is called like the realm. */
  medium(realm: string, medium: Medium): Medium;
  split(groups: readonly (readonly string[])[]): void;
  heal(): void;
}

interface Watch {
  readonly from: string;
  readonly peer: PeerId;
  readonly onDown: (reason: DownReason) => void;
}

interface Listener {
  readonly realm: string;
  readonly onAppearance: (peer: PeerId) => void;
}

export function createPartition(): Partition {
  let sides = new Map<string, number>();
  const watches = new Set<Watch>();
  const listeners = new Set<Listener>();
  const present = new Map<PeerId, string>();

  const apart = (a: string, b: string) => sides.get(a) !== sides.get(b);

  function cutTransport(realm: string, transport: Transport): Transport {
    return {
      ...transport,
      open: (self, receive) =>
        transport.open(self, (frame) => {
          const from = senderOf(frame);
          if (from === null || !apart(realm, nameOf(from))) receive(frame);
        }),
    };
  }

  function cutDetector(realm: string, detector: FailureDetector): FailureDetector {
    let self: PeerId | null = null;
    let listener: Listener | null = null;
    return {
      open(id) {
        self = id;
        present.set(id, realm);
        return detector.open(id);
      },
      census: async () => (await detector.census())?.filter((peer) => !apart(realm, nameOf(peer))) ?? null,
      monitor(peer, onDown) {
        let ended = false;
        const finish = () => {
          ended = true;
          watches.delete(watch);
        };
        const down = (reason: DownReason) => {
          if (ended) return;
          finish();
          onDown(reason);
        };
        const watch: Watch = { from: realm, peer, onDown: down };
        watches.add(watch);
        if (apart(realm, nameOf(peer))) setImmediate(() => down("unresponsive"));
        // A death on the other side is not told apart from silence.
        const end = detector.monitor(peer, (reason) => down(apart(realm, nameOf(peer)) ? "unresponsive" : reason));
        return () => {
          finish();
          end();
        };
      },
      onAppearance(onAppearance) {
        if (listener !== null) listeners.delete(listener);
        listener = { realm, onAppearance };
        listeners.add(listener);
      },
      close() {
        if (self !== null) present.delete(self);
        if (listener !== null) listeners.delete(listener);
        detector.close();
      },
    };
  }

  return {
    medium: (realm, medium) => ({
      ...medium,
      transport: cutTransport(realm, medium.transport),
      failureDetector: cutDetector(realm, medium.failureDetector),
    }),
    split(groups) {
      sides = new Map(groups.flatMap((group, side) => group.map((realm) => [realm, side + 1] as const)));
      for (const watch of [...watches]) if (apart(watch.from, nameOf(watch.peer))) setImmediate(() => watch.onDown("unresponsive"));
    },
    heal() {
      const before = sides;
      sides = new Map();
      for (const { realm, onAppearance } of [...listeners])
        for (const [peer, home] of present) if (before.get(realm) !== before.get(home)) setImmediate(() => onAppearance(peer));
    },
  };
}

function senderOf(frame: unknown): PeerId | null {
  if (typeof frame !== "object" || frame === null || !("from" in frame)) return null;
  return isPeerId(frame.from) ? frame.from : null;
}

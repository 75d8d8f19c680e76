/**
 * Reads in a snapshot of the Web Locks who holds the fence.
 *
 * @module
 */
import type { PeerId } from "@gen-leader/protocol";
import { contenderOfLock, fenceLockName, holderOfLock } from "./lock-names.js";

/** Who holds the fence: one peer, nobody, or one of several that a later look will tell apart. */
export type HolderReading =
  | { readonly type: "none" }
  | { readonly type: "one"; readonly peer: PeerId }
  | { readonly type: "several"; readonly peers: readonly PeerId[] };

/**
 * A snapshot tells the realm that holds the fence, not the peer. The names of the other locks of that realm tell the
 * peer: whoever asks for the fence holds a lock with its name, so that even a frozen page, which is granted the
 * fence without running, can be named; and whoever got it holds a second one. This matters where one realm has several
 * peers of the cluster (two copies of the library in a page): the latest holder counts, since one
 * that was stolen from gives its second lock back only when it runs again.
 */
export function holderIn({ held = [] }: LockManagerSnapshot, cluster: string): HolderReading {
  const fence = held.find(({ name }) => name === fenceLockName(cluster));
  if (fence === undefined) return { type: "none" };
  const names = held.flatMap(({ name = "", clientId }) => (clientId === fence.clientId ? [name] : []));
  const holders = names.flatMap((name) => holderOfLock(cluster, name) ?? []);
  const [latest] = holders.sort((one, other) => other.rank - one.rank);
  if (latest !== undefined) return { type: "one", peer: latest.peer };
  const contenders = names.flatMap((name) => contenderOfLock(cluster, name) ?? []);
  const [first] = contenders;
  if (first === undefined) return { type: "none" };
  return contenders.length === 1 ? { type: "one", peer: first } : { type: "several", peers: contenders };
}

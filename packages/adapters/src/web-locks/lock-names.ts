/**
 * What the Web Locks of a cluster are called. Two clusters or two peers never share a name, whatever characters are
 * in theirs, and people can read them in the browser's tools.
 *
 * @module
 */
import type { PeerId } from "@gen-leader/protocol";
import { isPeerId } from "../peer-id.js";

/** The lock that a peer holds for as long as it lives. */
export function peerLockName(cluster: string, peer: PeerId): string {
  return `${peerPrefix(cluster)}${JSON.stringify(peer)}`;
}

/** The lock that only the leader holds. */
export function fenceLockName(cluster: string): string {
  return `gen-leader:fence:${JSON.stringify(cluster)}`;
}

/** The lock that names a peer which asks for the fence or holds it. */
export function contenderLockName(cluster: string, peer: PeerId): string {
  return `${contenderPrefix(cluster)}${JSON.stringify(peer)}`;
}

/** The lock that names the holder of the fence. Of several in one realm the one with the largest `rank` counts. */
export function holderLockName(cluster: string, rank: number, peer: PeerId): string {
  return `${holderPrefix(cluster)}${rank}:${JSON.stringify(peer)}`;
}

/** The peer whose lock a name is; `null` if it is another cluster's, or no peer's. */
export function peerOfLock(cluster: string, name: string): PeerId | null {
  return idAfter(peerPrefix(cluster), name);
}

/** As `peerOfLock`, for contenders. */
export function contenderOfLock(cluster: string, name: string): PeerId | null {
  return idAfter(contenderPrefix(cluster), name);
}

/** As `peerOfLock`, for holders. */
export function holderOfLock(cluster: string, name: string): { readonly peer: PeerId; readonly rank: number } | null {
  const prefix = holderPrefix(cluster);
  if (!name.startsWith(prefix)) return null;
  const end = name.indexOf(":", prefix.length);
  const peer = idAfter(name.slice(0, end + 1), name);
  return peer === null ? null : { peer, rank: Number(name.slice(prefix.length, end)) };
}

const peerPrefix = (cluster: string): string => `gen-leader:peer:${JSON.stringify(cluster)}:`;
const contenderPrefix = (cluster: string): string => `gen-leader:contender:${JSON.stringify(cluster)}:`;
const holderPrefix = (cluster: string): string => `gen-leader:holder:${JSON.stringify(cluster)}:`;

/** Anybody in the origin can take locks of any name, so what looks like an id is checked. */
function idAfter(prefix: string, name: string): PeerId | null {
  if (!name.startsWith(prefix)) return null;
  try {
    const id: unknown = JSON.parse(name.slice(prefix.length));
    return isPeerId(id) ? id : null;
  } catch {
    return null;
  }
}

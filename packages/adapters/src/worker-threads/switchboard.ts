/**
 * Where links arrive in a thread: who of this thread is in which cluster, and the one listener that hands the ports
 * that other threads send to whom they are for.
 *
 * @module
 */
import workerThreads, { MessagePort } from "node:worker_threads";
import type { PeerId } from "@gen-leader/protocol";
import { isLinkRequest, type LinkRequest } from "./envelopes.js";

/** Takes a port to a peer that wants a link. */
export type AcceptLink = (from: PeerId, port: MessagePort) => void;

interface Switchboard {
  readonly peers: Map<string, AcceptLink>;
  readonly listener: (value: unknown) => void;
}

/** Two copies of the library in one thread share the switchboard, or one would deny the peers of the other. */
const key = Symbol.for("gen-leader.switchboard.1");

function present(): Switchboard | undefined {
  return (globalThis as { [key]?: Switchboard })[key];
}

function nameOf(cluster: string, peer: PeerId): string {
  return JSON.stringify([cluster, peer]);
}

/** Puts a peer on the switchboard of this thread. Returns what takes it off. */
export function plugIn(cluster: string, peer: PeerId, accept: AcceptLink): () => void {
  const name = nameOf(cluster, peer);
  const board = present() ?? install();
  board.peers.set(name, accept);
  return () => {
    if (board.peers.get(name) === accept) board.peers.delete(name);
    if (board.peers.size === 0) uninstall(board);
  };
}

function install(): Switchboard {
  const board: Switchboard = { peers: new Map(), listener: (value) => answer(board, value) };
  (globalThis as { [key]?: Switchboard })[key] = board;
  // Before other listeners, so that one that throws does not keep the port from us.
  process.prependListener("workerMessage", board.listener);
  return board;
}

function uninstall(board: Switchboard): void {
  if (present() !== board) return;
  process.removeListener("workerMessage", board.listener);
  delete (globalThis as { [key]?: Switchboard })[key];
}

function answer(board: Switchboard, value: unknown): void {
  if (!isLinkRequest(value) || !(value.port instanceof MessagePort)) return;
  const accept = board.peers.get(nameOf(value.cluster, value.to));
  if (accept !== undefined) {
    accept(value.from, value.port);
    return;
  }
  value.port.postMessage({ type: "gone" });
  value.port.close();
}

/**
 * Carries `port` to the peer `to` in `thread`. Resolves to `null` when that thread has taken it, and otherwise to why
 * the peer is down: a thread that runs without it has been left, one that cannot be reached has ended (or has nobody
 * any more). It stays pending while that thread, or the main thread, which passes everything on, is busy; if the thread ends
 * meanwhile, the port closes.
 */
export async function carryPort(
  thread: number,
  cluster: string,
  from: PeerId,
  to: PeerId,
  port: MessagePort,
): Promise<"left" | "crashed" | null> {
  if (thread === workerThreads.threadId) {
    const accept = present()?.peers.get(nameOf(cluster, to));
    accept?.(from, port);
    return accept === undefined ? "left" : null;
  }
  const request: LinkRequest<MessagePort> = { genLeader: "link", cluster, from, to, port };
  try {
    await workerThreads.postMessageToThread(thread, request, [port]);
    return null;
  } catch (error) {
    // That a listener of somebody else threw, after ours had run, is no matter.
    return error instanceof Error && "code" in error && error.code === "ERR_WORKER_MESSAGING_ERRORED" ? null : "crashed";
  }
}

/**
 * A peer in a dedicated worker of this page, as the page holds it.
 *
 * @module
 */
import type { Exit } from "gen-leader";
import { wallTime } from "./events.js";
import type { Peer, PeerObserver, PeerSnapshot, PlaygroundServer } from "./peer.js";
import type { PeerSettings } from "./settings.js";
import { type AskedArguments, type AskedMethod, type FromWorker, type ToWorker, WorkerPeerError } from "./worker-messages.js";

/** Starts a worker and a peer in it. */
export function startWorkerPeer(settings: PeerSettings, observer: PeerObserver): Promise<Peer> {
  const worker = new Worker(new URL("./peer.worker.ts", import.meta.url), { type: "module", name: settings.peer });
  const asked = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  let asks = 0;
  let ended = false;
  let exit: (exit: Exit) => void = () => undefined;
  const exited = new Promise<Exit>((resolve) => {
    exit = resolve;
  });

  function tell(message: ToWorker): void {
    worker.postMessage(message);
  }

  /** Calls a method in the worker. The caller's types are those of the method, which the worker's side holds to. */
  function ask<Value>(method: AskedMethod, args: AskedArguments): Promise<Value>;
  function ask(method: AskedMethod, args: AskedArguments): Promise<unknown> {
    if (ended) return Promise.reject(new WorkerPeerError({ name: "WorkerEndedError", message: "This peer's worker has ended." }));
    asks += 1;
    tell({ type: "ask", ask: asks, method, args });
    return new Promise((resolve, reject) => asked.set(asks, { resolve, reject }));
  }

  function end(reason: string): void {
    if (ended) return;
    ended = true;
    for (const { reject } of asked.values()) reject(new WorkerPeerError({ name: "WorkerEndedError", message: reason }));
    asked.clear();
    exit({ reason });
  }

  return new Promise((resolve, reject) => {
    let snapshot: PeerSnapshot | undefined;
    worker.addEventListener("error", (event) => {
      reject(new Error(event.message || "The worker's code could not be loaded."));
      end(event.message);
    });
    worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
      switch (data.type) {
        case "started":
          snapshot = data.snapshot;
          resolve(createPeer(data.snapshot, data.guarantees));
          break;
        case "refused":
          reject(new WorkerPeerError(data.error));
          break;
        case "recorded":
          observer.recorded(data.event);
          break;
        case "changed":
          snapshot = data.snapshot;
          if (!ended) observer.changed(data.snapshot);
          break;
        case "settled":
          asked.get(data.ask)?.resolve(data.value);
          asked.delete(data.ask);
          break;
        case "failed":
          asked.get(data.ask)?.reject(new WorkerPeerError(data.error));
          asked.delete(data.ask);
          break;
        case "exited":
          end(data.reason);
          break;
      }
    });
    tell({ type: "start", settings });

    function createPeer(first: PeerSnapshot, guarantees: PlaygroundServer["guarantees"]): Peer {
      const latest = () => (ended ? { ...(snapshot ?? first), running: false } : (snapshot ?? first));
      return {
        host: "worker",
        get snapshot() {
          return latest();
        },
        server: {
          name: "dictionary",
          get election() {
            return latest();
          },
          guarantees,
          exited,
          leaderCall: (request, options) => ask("leaderCall", [request, options]),
          leaderCast: (message) => void ask("leaderCast", [message]).catch(() => undefined),
          call: (request, options) => ask("call", [request, options]),
          stepDown: (options) => ask("stepDown", [options]),
          stop: (reason) => ask("stop", [reason]),
        },
        terminate() {
          const { self, token } = latest();
          worker.terminate();
          observer.recorded({ at: wallTime(), peer: self, token, type: "terminated" });
          end("terminated");
          observer.changed(latest());
        },
      };
    }
  });
}

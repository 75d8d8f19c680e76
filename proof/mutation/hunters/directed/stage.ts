/**
 * A small cluster for one story: every step checker looks on, single frames can be lost or held up, and the story says what it
 * expects under the name of a checker.
 *
 * @module
 */

import { type ClusterOptions, type Fault, SimulatedCluster, type SimulatedFrame, type SimulatedPeer } from "@gen-leader/testing";
import type { Message } from "gen-leader/protocol";
import { Caught } from "../hunter.js";
import { describePeers, isAtPeace, upPeers } from "../peace-checkers.js";
import { createStepCheckers } from "../step-checkers.js";

/** Which frames a fault is for; what is left out fits all. */
export interface Frames {
  readonly type: Message["type"];
  readonly from?: string;
  readonly to?: string;
}

export interface Stage {
  readonly cluster: SimulatedCluster;
  /** Does something to every frame that fits, until `clear`. */
  disturb(frames: Frames, fault: Fault): void;
  clear(): void;
  hang(peer: SimulatedPeer): void;
  /** Lets a realm go on: its timers first, or first what has come meanwhile. */
  recover(peer: SimulatedPeer, first: "timers" | "frames"): void;
  /** Something must be so. */
  expect(isSo: boolean, checker: string, detail: string): void;
  /** Something must come to be so, in time. */
  await(isSo: () => boolean, ms: number, checker: string): void;
  /** All that are up, or these, must come to peace. */
  settle(peers?: readonly SimulatedPeer[], checker?: string, ms?: number): void;
  /** A frame that no peer sent, in the name of one. */
  forge(to: SimulatedPeer, frame: object): void;
}

export function createStage(options: ClusterOptions = {}): Stage {
  const faults: { readonly frames: Frames; readonly fault: Fault }[] = [];
  const { fenced = true, census = true } = options;
  const checkers = createStepCheckers({ fenced, census, toleranceMs: 4, lossless: true, remembers: true });

  function fits(frames: Frames, { from, to, message }: SimulatedFrame): boolean {
    const isFrom = frames.from === undefined || from.startsWith(`${frames.from}#`);
    return frames.type === message.type && isFrom && (frames.to === undefined || to.startsWith(`${frames.to}#`));
  }

  const cluster: SimulatedCluster = new SimulatedCluster({
    ...options,
    disturb: (frame) => faults.find(({ frames }) => fits(frames, frame))?.fault ?? null,
    onStep(peer, event, effects, before) {
      if (checkers.steps > 20_000) throw new Caught("bounded-work", "goes round in circles");
      options.onStep?.(peer, event, effects, before);
      checkers.see(cluster, peer, event, effects, before);
    },
  });

  const stage: Stage = {
    cluster,
    disturb: (frames, fault) => void faults.push({ frames, fault }),
    clear: () => void faults.splice(0),
    hang(peer) {
      checkers.noteHung(peer, cluster.now);
      cluster.hang(peer);
    },
    recover(peer, first) {
      checkers.noteHung(peer, cluster.now);
      if (first === "timers") {
        // And what they ask of the platform, which on some is answered before any frame is read.
        peer.hung = false;
        cluster.dispatch(peer, { type: "timeout" });
        cluster.run(1);
        peer.hung = true;
      }
      cluster.recover(peer);
    },
    expect(isSo, checker, detail) {
      if (!isSo) throw new Caught(checker, `${detail}: ${describePeers(cluster)}`);
    },
    await(isSo, ms, checker) {
      stage.expect(cluster.runUntil(isSo, ms), checker, `not within ${ms} ms`);
    },
    settle(peers, checker = "converges", ms = 60_000) {
      stage.await(() => isAtPeace(cluster, peers ?? upPeers(cluster)), ms, checker);
    },
    forge(to, frame) {
      const { type } = cluster.receive(to, frame);
      stage.expect(type === "message", "stories-are-sound", "the forged frame is no message");
    },
  };
  return stage;
}

/** Starts peers one after the other, and lets them find their leader: the first. */
export function startAll(stage: Stage, names: readonly string[], workers: readonly string[] = []): SimulatedPeer[] {
  const peers = names.map((name) => {
    const peer = stage.cluster.start(name, { role: workers.includes(name) ? "worker" : "candidate" });
    stage.cluster.run(1000);
    return peer;
  });
  stage.settle(undefined, "stories-are-sound");
  const [first] = peers;
  stage.expect(first?.state.phase.type === "leading", "stories-are-sound", "another leads than the first");
  return peers;
}

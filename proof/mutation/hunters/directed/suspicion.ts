/**
 * Stories of realms that stand still: who may be robbed, by whom, after what, and what a robbed one may still do.
 *
 * @module
 */
import type { SimulatedPeer } from "@gen-leader/testing";
import { createStage, type Stage, startAll } from "./stage.js";
import type { Story } from "./story.js";

/** `count` peers that are sure to be there. */
function some(peers: readonly SimulatedPeer[], place: number): SimulatedPeer {
  const peer = peers[place];
  if (peer === undefined) throw new RangeError(`There is no peer ${place}.`);
  return peer;
}

/** A leader that hangs, and a peer whose call waits for it. */
function hangLeader() {
  const stage = createStage();
  const peers = startAll(stage, ["a", "b"]);
  const [leader, caller] = [some(peers, 0), some(peers, 1)];
  stage.hang(leader);
  stage.cluster.call(caller, "i1");
  return { stage, leader, caller };
}

/** Time passes, and the timers of a peer run late, before it reads what has arrived. */
function runLate(stage: Stage, peer: SimulatedPeer): void {
  stage.hang(peer);
  stage.cluster.run(2500);
  stage.recover(peer, "timers");
}

export const suspicionStories: readonly Story[] = [
  {
    name: "an accuser that was asleep hears the answer first",
    tell() {
      const stage = createStage();
      const peers = startAll(stage, ["a", "b"]);
      const [a, b] = [some(peers, 0), some(peers, 1)];
      stage.cluster.call(b, "later1");
      stage.await(() => b.state.suspicion !== null, 5000, "stories-are-sound");
      stage.hang(b);
      stage.cluster.run(20_000);
      stage.recover(b, "timers");
      stage.cluster.run(10_000);
      stage.expect(a.state.phase.type === "leading", "robs-only-the-hung", "the leader that ran was robbed");
    },
  },
  {
    name: "an accuser that was late twice hears the answer before it robs anybody",
    tell() {
      const { stage, leader, caller } = hangLeader();
      stage.await(() => caller.state.suspicion !== null, 5000, "stories-are-sound");
      stage.recover(leader, "frames");
      runLate(stage, caller);
      stage.expect(caller.state.suspicion?.again === true, "stories-are-sound", "does not challenge again");
      runLate(stage, caller);
      stage.cluster.run(10_000);
      stage.expect(leader.state.phase.type === "leading", "robs-only-the-hung", "a leader that had answered was robbed");
    },
  },
  {
    name: "a hidden page, all of whose timers are late, robs a hung leader all the same",
    tell() {
      const { stage, leader, caller } = hangLeader();
      for (let round = 0; round < 5; round += 1) {
        runLate(stage, caller);
        stage.cluster.run(20);
      }
      stage.expect(caller.state.phase.type === "leading", "hung-is-replaced", "challenges a hung leader without end");
      stage.recover(leader, "frames");
      stage.settle();
    },
  },
  {
    name: "a contender that hung among its acknowledgements does not lead when it was robbed",
    tell() {
      const stage = createStage();
      const peers = startAll(stage, ["a", "b", "c"]);
      const [a, b, c] = [some(peers, 0), some(peers, 1), some(peers, 2)];
      stage.cluster.call(a, "i1");
      stage.settle();
      stage.cluster.crash(a);
      stage.await(() => b.state.phase.type === "contending" && b.state.phase.stage.type === "halting", 5000, "stories-are-sound");
      stage.hang(b);
      stage.cluster.run(1000);
      stage.cluster.call(c, "i2");
      stage.settle([c], "hung-is-replaced");
      // The platform's word that it was robbed is among the last that it hears.
      stage.recover(b, "frames");
      stage.settle();
    },
  },
  {
    name: "a leader in doubt does nothing while somebody else holds the fence",
    tell() {
      const stage = createStage();
      const peers = startAll(stage, ["a", "b"]);
      const a = some(peers, 0);
      stage.cluster.run(1000);
      // The platform has taken it away, and has not told yet.
      stage.cluster.fence.release(a.state.self);
      stage.cluster.fence.request({ id: "x#9", tell: () => {} });
      stage.cluster.run(1000);
      stage.cluster.call(a, "i1");
      stage.cluster.run(10);
      stage.expect(!a.callbacks.includes("leader-call i1"), "one-leader-per-fence", "ran a call without the fence");
    },
  },
  {
    name: "candidates look for themselves when a worker accuses their leader",
    tell() {
      const stage = createStage();
      const peers = startAll(stage, ["a", "b", "w"], ["w"]);
      const [a, b, w] = [some(peers, 0), some(peers, 1), some(peers, 2)];
      stage.hang(a);
      stage.cluster.call(w, "i1");
      stage.settle([b, w], "hung-is-replaced", 30_000);
    },
  },
  {
    name: "a newcomer that robs a hung holder of state waits, and says so",
    tell() {
      const stage = createStage();
      const peers = startAll(stage, ["a"]);
      const a = some(peers, 0);
      stage.cluster.call(a, "i1");
      stage.cluster.run(100);
      stage.hang(a);
      const b = stage.cluster.start("b");
      stage.cluster.run(9000);
      stage.expect(b.state.phase.type !== "leading", "waits-for-the-silent", "leads past a holder of state before abandonMs");
      stage.settle([b], "hung-is-replaced");
      stage.recover(a, "frames");
      stage.settle();
    },
  },
  {
    name: "a returning peer that was not counted on waits for a silent member, and says so",
    tell() {
      const stage = createStage();
      const peers = startAll(stage, ["a", "b", "c"]);
      const [a, b, c] = [some(peers, 0), some(peers, 1), some(peers, 2)];
      stage.cluster.call(b, "i1");
      stage.settle();
      stage.cluster.suspend(c);
      stage.cluster.run(100);
      stage.cluster.call(b, "i2");
      stage.cluster.run(1000);
      stage.hang(b);
      // The members are broadcast before the welcome, which is late.
      stage.disturb({ type: "welcome", to: "c" }, { type: "delay", delayMs: 2000 });
      stage.cluster.resume(c);
      stage.cluster.run(50);
      stage.cluster.crash(a);
      stage.cluster.run(5000);
      stage.expect(c.state.phase.type !== "leading", "waits-for-the-silent", "leads past a silent member before abandonMs");
      stage.settle([c], "hung-is-replaced");
      stage.clear();
      stage.recover(b, "frames");
      stage.settle();
    },
  },
];

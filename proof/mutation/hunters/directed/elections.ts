/**
 * Stories of elections that go wrong half way: fences that are queued for, ended, granted late; catch-ups; hand-overs.
 *
 * @module
 */
import type { SimulatedCluster } from "@gen-leader/testing";
import { createStage, startAll } from "./stage.js";
import type { Story } from "./story.js";

/** No time limit but those of questions may be what mends these. */
const patient = { limits: { electionMs: 600_000, acknowledgeMs: 600_000, abandonMs: 600_000 } };

export const electionStories: readonly Story[] = [
  {
    name: "whose request for the fence was ended asks again",
    tell() {
      const rogue = "x#9" as const;
      let cluster: SimulatedCluster | null = null;
      const stage = createStage({
        onStep(_peer, event) {
          // Somebody is faster.
          if (event.type === "opened") cluster?.fence.request({ id: rogue, tell: () => {} });
        },
      });
      cluster = stage.cluster;
      const c = stage.cluster.start("c");
      stage.cluster.run(10);
      stage.expect(c.state.phase.type === "contending", "stories-are-sound", "does not queue");
      stage.cluster.fence.release(c.state.self);
      stage.cluster.dispatch(c, { type: "fence-ended" });
      stage.cluster.fence.release(rogue);
      stage.settle();
    },
  },
  {
    name: "a contender that was granted the fence late leads above what was won meanwhile",
    tell() {
      const stage = createStage();
      const [a, b, c, d] = startAll(stage, ["a", "b", "c", "d"]);
      if (a === undefined || b === undefined || c === undefined || d === undefined) return;
      stage.disturb({ type: "halt", from: "b" }, { type: "delay", delayMs: 400 });
      stage.cluster.crash(a);
      stage.await(() => c.state.phase.type === "contending", 5000, "stories-are-sound");
      stage.hang(c);
      stage.clear();
      stage.cluster.call(d, "i1");
      stage.cluster.run(3000);
      stage.expect(b.state.phase.type === "leading", "stories-are-sound", "b does not lead");
      const { position, self } = d.state;
      const member = { id: self, role: "candidate", priority: 0, preference: 0, version: 0 };
      const highestEpoch = (b.state.token?.epoch ?? 0) + 5000;
      stage.forge(b, { gl: 1, from: self, type: "join", member, position, highestEpoch, lists: "" });
      stage.cluster.run(1000);
      stage.expect((b.state.token?.epoch ?? 0) > highestEpoch, "stories-are-sound", "b was not elected anew");
      // Only c and d are left, and d alone knows of b's last epoch.
      stage.cluster.crash(b);
      stage.cluster.run(20);
      stage.recover(c, "frames");
      stage.settle();
    },
  },
  {
    name: "a withdrawal sets free whoever had acknowledged",
    tell() {
      const stage = createStage({ ...patient, delays: { detection: [3000, 3000] } });
      const [a, b, w] = startAll(stage, ["a", "b", "w"], ["w"]);
      if (a === undefined || b === undefined || w === undefined) return;
      stage.cluster.call(b, "i1");
      stage.settle();
      // The leader starts again at once, unnoticed, as a blank contender whom the holder of state refuses.
      stage.cluster.crash(a);
      stage.cluster.start("a");
      stage.await(() => w.state.phase.type === "halted", 2000, "stories-are-sound");
      stage.disturb({ type: "halt", from: "b", to: "w" }, { type: "delay", delayMs: 2500 });
      stage.settle(undefined, "converges", 10_000);
    },
  },
  {
    name: "who queues for the fence says so, and is taken in by who has it",
    tell() {
      const stage = createStage();
      const [a, b, c] = startAll(stage, ["a", "b", "c"]);
      if (a === undefined || b === undefined || c === undefined) return;
      stage.disturb({ type: "halt", from: "b", to: "c" }, { type: "drop" });
      stage.cluster.crash(a);
      stage.await(() => c.state.phase.type === "contending", 5000, "stories-are-sound");
      stage.clear();
      stage.disturb({ type: "announce", to: "c" }, { type: "drop" });
      stage.settle();
    },
  },
  {
    name: "whoever acknowledged a contender that dies looks for another at once",
    tell() {
      const stage = createStage(patient);
      const [a, b, c] = startAll(stage, ["a", "b", "c"]);
      if (a === undefined || b === undefined || c === undefined) return;
      stage.disturb({ type: "acknowledge", to: "b" }, { type: "delay", delayMs: 1000 });
      stage.cluster.crash(a);
      stage.await(() => c.state.phase.type === "halted", 5000, "stories-are-sound");
      stage.cluster.crash(b);
      stage.settle(undefined, "no-timer-takes-part", 5000);
    },
  },
  {
    name: "a hand-over ends with the one that was named",
    tell() {
      const stage = createStage();
      const [a, b, c] = startAll(stage, ["a", "b", "c"]);
      if (a === undefined || b === undefined || c === undefined) return;
      stage.cluster.stepDown(a, c, 60_000);
      stage.await(() => c.state.phase.type === "leading", 1000, "hand-over-arrives");
      stage.settle(undefined, "converges", 1000);
    },
  },
  {
    name: "a hand-over waits for the reply that is on its way",
    tell() {
      const stage = createStage();
      const [a, b, c] = startAll(stage, ["a", "b", "c"]);
      if (a === undefined || b === undefined || c === undefined) return;
      stage.disturb({ type: "reply", to: "b" }, { type: "delay", delayMs: 1500 });
      const call = stage.cluster.call(b, "i1");
      // The comparison after the broadcast is over.
      stage.cluster.run(400);
      stage.cluster.stepDown(a, c);
      stage.settle();
      stage.expect(call.outcome?.type === "result", "hand-over-drops-nothing", "a call failed, though nobody died");
    },
  },
  {
    name: "a peer that is promised to a campaign does not follow a smaller one",
    tell() {
      const stage = createStage({ fenced: false, census: true });
      const [a, b, c] = startAll(stage, ["a", "b", "c"]);
      if (a === undefined || b === undefined || c === undefined) return;
      stage.disturb({ type: "announce", from: "b" }, { type: "delay", delayMs: 500 });
      stage.cluster.crash(a);
      stage.await(() => c.state.phase.type === "halted", 5000, "stories-are-sound");
      const small = { epoch: (b.state.phase.type === "contending" ? b.state.phase.campaign.epoch : 0) - 1, leader: "d#9" } as const;
      const member = { id: "d#9", role: "candidate", priority: 0, preference: 0, version: 0 };
      const { position } = c.state;
      stage.forge(c, { gl: 1, from: "d#9", type: "halt", campaign: small, member, position });
      stage.clear();
      stage.settle();
    },
  },
  {
    name: "a peer that is promised to a campaign does not obey another announcement",
    tell() {
      const stage = createStage({ fenced: false, census: true });
      const [a, b, c] = startAll(stage, ["a", "b", "c"]);
      if (a === undefined || b === undefined || c === undefined) return;
      stage.disturb({ type: "announce", from: "b" }, { type: "delay", delayMs: 500 });
      stage.cluster.crash(a);
      stage.await(() => c.state.phase.type === "halted", 5000, "stories-are-sound");
      const token = { epoch: (b.state.phase.type === "contending" ? b.state.phase.campaign.epoch : 0) + 1, leader: "d#9" } as const;
      const members = ["d#9" as const, c.state.self].map((id) => ({ id, role: "candidate", priority: 0, preference: 0, version: 0 }));
      stage.forge(c, { gl: 1, from: "d#9", type: "announce", token, campaign: token, members, sync: [], root: null, ancestry: [] });
      stage.clear();
    },
  },
];

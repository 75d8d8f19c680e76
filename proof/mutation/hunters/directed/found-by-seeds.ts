/**
 * Stories that seeds of the simulator and of random weather told first; the transcripts of the core tell most of them in full.
 *
 * @module
 */
import { createStage, startAll } from "./stage.js";
import type { Story } from "./story.js";

export const foundBySeeds: readonly Story[] = [
  {
    name: "an epoch that is won after the machine slept is not below the wall clock",
    tell() {
      const stage = createStage();
      const [a, b] = startAll(stage, ["a", "b"]);
      if (a === undefined || b === undefined) return;
      const epochBefore = a.state.token?.epoch ?? 0;
      stage.cluster.moveWallClock(3_600_000);
      stage.cluster.crash(a);
      stage.settle();
      stage.expect((b.state.token?.epoch ?? 0) >= epochBefore + 3_600_000, "tokens-only-grow", "the epoch is behind the wall clock");
    },
  },
  {
    name: "what a leader could not send before it was elected anew is told when another history replaces its own",
    tell() {
      const told: unknown[] = [];
      const stage = createStage({
        onStep(_peer, _event, effects) {
          for (const effect of effects)
            if (effect.type === "deliver" && effect.delivery.type === "surrendered") told.push(...effect.delivery.lost);
        },
      });
      const [b] = startAll(stage, ["b"]);
      if (b === undefined) return;
      stage.cluster.call(b, "kept");
      stage.cluster.run(5);
      stage.cluster.suspend(b);
      const c = stage.cluster.start("c");
      stage.settle([c], "stories-are-sound");
      stage.hang(c);
      stage.cluster.call(c, "unsent");
      stage.cluster.start("d");
      stage.cluster.run(700);
      stage.cluster.resume(b);
      stage.cluster.run(10);
      stage.recover(c, "frames");
      stage.settle();
      stage.expect(c.log.includes("kept") && !c.log.includes("unsent"), "stories-are-sound", "c did not take over the history of b");
      stage.expect(told.includes("unsent"), "losses-are-told", "nobody is told what is lost");
    },
  },
  {
    name: "a grant that waited behind something else is no fresh one",
    tell() {
      const stage = createStage();
      const [a, b, c] = startAll(stage, ["a", "b", "c"]);
      if (a === undefined || b === undefined || c === undefined) return;
      stage.cluster.crash(a);
      stage.await(() => b.state.phase.type === "contending", 1000, "stories-are-sound");
      stage.hang(b);
      stage.cluster.run(300);
      stage.expect(c.state.phase.type === "contending", "stories-are-sound", "c does not wait for the fence");
      stage.hang(c);
      const d = stage.cluster.start("d");
      stage.cluster.run(5);
      stage.cluster.crash(b);
      stage.await(() => d.state.phase.type === "leading", 60_000, "stories-are-sound");
      stage.cluster.recover(c);
      stage.expect(c.state.phase.type === "contending" && c.state.phase.stage.type === "fencing", "one-leader-per-fence", "c goes on");
      stage.settle();
    },
  },
  {
    name: "who refuses a blank contender is followed by those who had promised themselves to that one",
    tell() {
      const stage = createStage({
        fenced: false,
        census: false,
        delays: { message: [0, 0], detection: [3000, 3000] },
      });
      const [l, b, a, w] = startAll(stage, ["l", "b", "a", "w"], ["w"]);
      if (l === undefined || b === undefined || a === undefined || w === undefined) return;
      stage.cluster.crash(l);
      stage.cluster.run(2600);
      stage.cluster.crash(b);
      stage.cluster.start("z");
      stage.settle();
    },
  },
  {
    name: "a leader that hands over does not send back a copy of what it has run",
    tell() {
      const stage = createStage();
      const [a, b] = startAll(stage, ["a", "b"]);
      if (a === undefined || b === undefined || a.state.token === null) return;
      stage.disturb({ type: "reply" }, { type: "drop" });
      stage.cluster.call(b, "once");
      const [[call, sent] = []] = b.state.calls;
      stage.cluster.run(5);
      stage.clear();
      stage.cluster.call(a, "later");
      stage.cluster.stepDown(a, b);
      const { self } = b.state;
      stage.forge(a, { gl: 1, from: self, type: "call", token: a.state.token, serial: sent?.serial, call, request: "once" });
      stage.cluster.answer(a, "later");
      stage.settle();
      stage.expect(b.log.filter((item) => item === "once").length === 1, "calls-run-once", "the call ran twice");
    },
  },
  {
    name: "a cast that is held back for a hand-over which was taken back unheard is sent in the end",
    tell() {
      const stage = createStage();
      const [a, b] = startAll(stage, ["a", "b"]);
      if (a === undefined || b === undefined || a.state.token === null) return;
      stage.forge(b, { gl: 1, from: a.state.self, type: "hand-over", token: a.state.token, successor: b.state.self });
      stage.cluster.dispatch(b, { type: "cast", payload: "late" });
      stage.await(() => a.log.includes("late"), 5000, "converges");
    },
  },
  {
    name: "an announcement that comes after the welcome takes nobody back",
    tell() {
      const stage = createStage({ fenced: false, census: false });
      const a = stage.cluster.start("a");
      const w = stage.cluster.start("w", { role: "worker" });
      stage.disturb({ type: "announce", to: "w" }, { type: "delay", delayMs: 2000 });
      stage.cluster.run(600);
      stage.cluster.call(a, "x");
      stage.cluster.run(1500);
      stage.expect(w.log.includes("x"), "stories-are-sound", "w was not welcomed");
      stage.cluster.partition([a], [w]);
      stage.cluster.run(100);
      stage.expect(w.state.position.sequence > 0, "callback-order", "w is back where the tenure began");
      stage.cluster.heal();
      stage.settle();
    },
  },
  {
    name: "a contender hears from the bearer of its name that it is taken",
    tell() {
      const stage = createStage({ fenced: false, census: false });
      const [l, f] = startAll(stage, ["l", "f"]);
      if (l === undefined || f === undefined) return;
      stage.disturb({ type: "join", to: "f" }, { type: "drop" });
      const second = stage.cluster.start("f");
      stage.await(() => second.life === "gone", 20_000, "converges");
      stage.settle();
    },
  },
  {
    name: "a leader counts on one of two that bear one name",
    tell() {
      const stage = createStage();
      const [a, b, f] = startAll(stage, ["a", "b", "f"], ["f"]);
      if (a === undefined || b === undefined || f === undefined) return;
      stage.disturb({ type: "join", to: "f" }, { type: "drop" });
      stage.disturb({ type: "here", to: "f" }, { type: "drop" });
      const second = stage.cluster.start("f", { role: "worker" });
      stage.cluster.run(10);
      stage.cluster.crash(a);
      stage.await(() => b.state.phase.type === "leading", 20_000, "stories-are-sound");
      stage.expect(b.state.members.size === 2, "converges", "counts on both");
      stage.clear();
      stage.await(() => second.life === "gone", 60_000, "converges");
      stage.settle();
    },
  },
  {
    name: "a peer whose deadline passed while it hung reads what the accused has answered before it robs it",
    tell() {
      const stage = createStage();
      const [a, b] = startAll(stage, ["a", "b"]);
      if (a === undefined || b === undefined) return;
      stage.disturb({ type: "reply" }, { type: "drop" });
      stage.cluster.call(b, "x");
      stage.await(() => b.state.suspicion !== null, 5000, "stories-are-sound");
      stage.hang(b);
      stage.clear();
      stage.cluster.run(1700);
      stage.recover(b, "timers");
      stage.cluster.run(1000);
      stage.expect(a.state.phase.type === "leading", "robs-only-the-hung", "the leader was robbed, although it had answered");
    },
  },
  {
    name: "nobody is deposed when the whole machine sleeps in the middle of a suspicion",
    tell() {
      const stage = createStage();
      const [a, b] = startAll(stage, ["a", "b"]);
      if (a === undefined || b === undefined) return;
      stage.disturb({ type: "reply" }, { type: "drop" });
      stage.cluster.call(b, "x");
      stage.await(() => b.state.suspicion !== null, 5000, "stories-are-sound");
      stage.hang(a);
      stage.hang(b);
      stage.clear();
      stage.cluster.run(5000);
      stage.recover(b, "timers");
      stage.cluster.run(50);
      stage.recover(a, "timers");
      stage.cluster.run(1000);
      stage.expect(a.state.phase.type === "leading", "robs-only-the-hung", "the leader was robbed, although nobody had run");
    },
  },
  {
    name: "an answer of the fence that waited while its peer hung tells of then",
    tell() {
      const stage = createStage({ delays: { fence: [50, 50] } });
      const [a, b] = startAll(stage, ["a", "b"]);
      if (a === undefined || b === undefined) return;
      stage.cluster.run(5000);
      stage.cluster.call(a, "own");
      stage.hang(a);
      stage.cluster.run(60);
      stage.cluster.call(b, "x");
      stage.await(() => b.state.phase.type === "leading", 60_000, "hung-is-replaced");
      stage.recover(a, "frames");
      stage.expect(!a.callbacks.includes("leader-call own"), "one-leader-per-fence", "runs a call without the fence");
      stage.settle();
    },
  },
  {
    name: "of two leaders that won one epoch on two sides of a partition, one gives way",
    tell() {
      const stage = createStage({ fenced: false, census: false });
      const a = stage.cluster.start("a");
      const b = stage.cluster.start("b");
      stage.cluster.partition([a], [b]);
      stage.await(() => a.state.phase.type === "leading" && b.state.phase.type === "leading", 5000, "stories-are-sound");
      stage.expect(a.state.token?.epoch === b.state.token?.epoch, "stories-are-sound", "the epochs differ");
      stage.cluster.heal();
      stage.settle();
    },
  },
];

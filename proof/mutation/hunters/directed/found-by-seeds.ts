/**
 * Stories that seeds of the simulator told first; the transcripts of the core tell them in full.
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
];

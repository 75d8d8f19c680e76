/**
 * Stories of calls and callbacks of real servers: answered once, settled always, one at a time, and nothing left behind.
 *
 * @module
 */
import { type Behaviour, type Clock, type Medium, noreply, ok, reply, replyTo, type Transport } from "gen-leader";
import { awaitSo, createGate, createRealms, expectSo, type ListTypes, listBehaviour, pause, type Realms, settled } from "./realms.js";
import type { Story } from "./story.js";

function story(name: string, tell: (realms: Realms) => Promise<void>): Story {
  return {
    name,
    async tell() {
      const realms = createRealms();
      try {
        await tell(realms);
      } finally {
        await realms.stopAll();
      }
    },
  };
}

function typeOf(frame: unknown): unknown {
  return typeof frame === "object" && frame !== null && "type" in frame ? frame.type : null;
}

/** A transport that shows what goes out, and lets in what `lets` lets in. */
function watched(transport: Transport, sees: (frame: object) => void, lets: (frame: unknown) => boolean = () => true): Transport {
  return {
    open: (self, receive) => transport.open(self, (frame) => (lets(frame) ? receive(frame) : undefined)),
    post(frame) {
      sees(frame);
      transport.post(frame);
    },
    send(to, frame) {
      sees(frame);
      transport.send(to, frame);
    },
    close: () => transport.close(),
  };
}

export const promiseStories: readonly Story[] = [
  story("a caller has applied its own write when it is answered", async (realms) => {
    let onB: readonly string[] = [];
    const a = await realms.start("a", listBehaviour());
    const b = await realms.start(
      "b",
      listBehaviour((state) => (onB = state)),
    );
    await awaitSo(() => b.election.leader === a.election.self, 3000, "converges", "b has no leader");
    await b.leaderCall({ type: "add", item: "x" }).then(() => expectSo(onB.includes("x"), "read-your-writes", `was answered at [${onB}]`));
  }),
  story("a call is answered once, and then nothing is owed", async (realms) => {
    const replies: object[] = [];
    const plain = listBehaviour();
    const behaviour: Behaviour<ListTypes> = {
      ...plain,
      handleLeaderCall(state, _request, ctx) {
        queueMicrotask(() => {
          replyTo(ctx.from, 1);
          replyTo(ctx.from, 2);
        });
        return noreply(state);
      },
    };
    const see = (frame: object) => {
      if (typeOf(frame) === "reply") replies.push(frame);
    };
    const a = await realms.start("a", behaviour, {}, (medium: Medium) => ({ ...medium, transport: watched(medium.transport, see) }));
    const b = await realms.start("b", plain);
    await awaitSo(() => b.election.leader === a.election.self, 3000, "converges", "b has no leader");
    await settled(b.leaderCall({ type: "add", item: "x" }), 1000);
    await pause(20);
    expectSo(replies.length === 1, "answered-once", `${replies.length} replies to one call`);
    await settled(a.stepDown(), 2000, "hand-over-arrives");
  }),
  story("calls that wait when their server stops are told", async (realms) => {
    const plain = listBehaviour();
    const a = await realms.start("a", { ...plain, handleLeaderCall: (state) => noreply(state) });
    const b = await realms.start("b", plain);
    const w = await realms.start("w", plain, { role: "worker", namespace: "apart" });
    await awaitSo(() => b.election.leader === a.election.self, 3000, "converges", "b has no leader");
    const add = { type: "add", item: "x" } as const;
    // One has been sent, one waits for a leader, one for its turn.
    const calls = [b.leaderCall(add, { timeoutMs: Infinity }), w.leaderCall(add, { timeoutMs: Infinity }), w.call({ type: "read" })];
    const ends = Promise.all(calls.map((call) => settled(call, 1000)));
    await pause(10);
    await Promise.all([b.stop(), w.stop()]);
    expectSo(
      (await ends).every(({ type }) => type === "error"),
      "calls-settle",
      "a call resolved that nobody answered",
    );
  }),
  story("callbacks run one at a time", async (realms) => {
    const gate = createGate();
    let running = 0;
    let most = 0;
    const plain = listBehaviour();
    const behaviour: Behaviour<ListTypes> = {
      ...plain,
      async handleLeaderCall(state, { item }) {
        running += 1;
        most = Math.max(most, running);
        await gate.opened;
        running -= 1;
        return reply([...state, item], 1, { broadcast: { item } });
      },
      handleLeaderCast(state) {
        most = Math.max(most, running + 1);
        return ok(state);
      },
    };
    const a = await realms.start("a", behaviour);
    await awaitSo(() => a.election.leader === a.election.self, 3000, "converges", "a does not lead");
    const call = a.leaderCall({ type: "add", item: "x" });
    a.leaderCast("y");
    await pause(20);
    gate.open();
    await settled(call, 1000);
    await pause(10);
    expectSo(most === 1, "one-callback-at-a-time", `${most} ran at once`);
  }),
  story("a peer that knows no leader runs no call", async (realms) => {
    let ran = false;
    const plain = listBehaviour();
    const behaviour: Behaviour<ListTypes> = {
      ...plain,
      handleCall(state) {
        ran = true;
        return reply(state, state);
      },
    };
    const w = await realms.start("w", behaviour, { role: "worker" });
    void w.call({ type: "read" }).catch(() => {});
    await pause(30);
    expectSo(!ran, "callback-order", "ran a call before surrendered");
  }),
  story("a call leaves no timer behind", async (realms) => {
    const open = new Map<object, number>();
    const counting = (clock: Clock): Clock => ({
      now: () => clock.now(),
      wall: () => clock.wall(),
      schedule(callback, delayMs) {
        const key = {};
        const cancel = clock.schedule(() => {
          open.delete(key);
          callback();
        }, delayMs);
        open.set(key, delayMs);
        return () => {
          open.delete(key);
          cancel();
        };
      },
    });
    const a = await realms.start("a", listBehaviour(), {}, (medium) => ({ ...medium, clock: counting(medium.clock) }));
    await settled(a.leaderCall({ type: "add", item: "x" }, { timeoutMs: 4321 }), 1000);
    expectSo(![...open.values()].includes(4321), "nothing-left-behind", "the timer of a settled call runs on");
  }),
  story("a watch of a peer that is gone is ended", async (realms) => {
    const watches = new Map<string, number>();
    const counting = (medium: Medium): Medium => ({
      ...medium,
      failureDetector: {
        open: (self) => medium.failureDetector.open(self),
        census: () => medium.failureDetector.census(),
        close: () => medium.failureDetector.close(),
        monitor(peer, onDown) {
          watches.set(peer, (watches.get(peer) ?? 0) + 1);
          const end = medium.failureDetector.monitor(peer, onDown);
          return () => {
            watches.set(peer, (watches.get(peer) ?? 0) - 1);
            end();
          };
        },
      },
    });
    const a = await realms.start("a", listBehaviour(), {}, counting);
    const b = await realms.start("b", listBehaviour());
    const { self } = b.election;
    await awaitSo(() => b.election.leader === a.election.self && (watches.get(self) ?? 0) > 0, 3000, "converges", "b is not watched");
    await b.stop();
    await awaitSo(
      () => (watches.get(self) ?? 0) === 0,
      1000,
      "nothing-left-behind",
      `${watches.get(self)} watches of ${self}, which has left`,
    );
  }),
  story("callbacks cannot change what others are caught up with", async (realms) => {
    let onC: readonly string[] = [];
    const plain = listBehaviour();
    const careless: Behaviour<ListTypes> = {
      ...plain,
      fromLeader(state, message) {
        message.item += "!";
        return ok([...state, message.item]);
      },
    };
    const a = await realms.start("a", plain);
    const b = await realms.start("b", careless);
    const deaf = (medium: Medium): Medium => ({
      ...medium,
      transport: watched(
        medium.transport,
        () => {},
        (frame) => typeOf(frame) !== "broadcast" && typeOf(frame) !== "digest",
      ),
    });
    const c = await realms.start(
      "c",
      listBehaviour((state) => (onC = state)),
      { priority: 5 },
      deaf,
    );
    const isLed = () => [b, c].every(({ election }) => election.leader === a.election.self) && a.election.inStep.length === 3;
    await awaitSo(isLed, 3000, "stories-are-sound", "not all are led");
    await settled(b.leaderCall({ type: "add", item: "x" }), 1000);
    realms.crash(a);
    await awaitSo(() => c.election.leader === c.election.self, 3000, "converges", "c does not lead");
    await pause(20);
    expectSo(onC.includes("x"), "broadcasts-arrive-unchanged", `caught up with [${onC}]`);
  }),
];

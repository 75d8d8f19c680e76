/**
 * Stories of leaders that are robbed while their callbacks run: what belongs to an ended tenure has no effect.
 *
 * @module
 */
import { type Behaviour, noreply, reply, replyTo } from "gen-leader";
import {
  awaitSo,
  createGate,
  createRealms,
  expectSo,
  type ListServer,
  type ListTypes,
  listBehaviour,
  pause,
  type Realms,
  settled,
} from "./realms.js";
import type { Story } from "./story.js";

type LeaderCall = NonNullable<Behaviour<ListTypes>["handleLeaderCall"]>;
type LeaderCallContext = Parameters<LeaderCall>[2];

/** A story with its own realms, which end with it. */
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

async function leads(server: ListServer): Promise<void> {
  await awaitSo(() => server.election.leader === server.election.self, 3000, "converges", `${server.election.self} does not lead`);
}

export const tenureStories: readonly Story[] = [
  story("a robbed leader runs no call of its own user", async (realms) => {
    let isRobbed = false;
    let ranRobbed = false;
    const plain = listBehaviour();
    const behaviour: Behaviour<ListTypes> = {
      ...plain,
      handleLeaderCall(state, { item }) {
        ranRobbed ||= isRobbed;
        return reply([...state, item], 1, { broadcast: { item } });
      },
    };
    const a = await realms.start("a", behaviour);
    await leads(a);
    const giveBack = realms.rob(a);
    isRobbed = true;
    // The thief opens in a microtask; the platform's word comes in a task of its own.
    await giveBack.then(() => void a.leaderCall({ type: "add", item: "late" }).catch(() => {}));
    expectSo(!ranRobbed, "one-leader-per-fence", "ran a call without the fence");
    await pause(20);
    expectSo(!ranRobbed, "one-leader-per-fence", "ran a call without the fence");
    isRobbed = false;
    (await giveBack)();
  }),
  story("what a callback of an ended tenure returns is discarded", async (realms) => {
    const gate = createGate();
    const plain = listBehaviour();
    const behaviour: Behaviour<ListTypes> = {
      ...plain,
      async handleLeaderCall(state, { item }) {
        if (item === "ghost") await gate.opened;
        return reply([...state, item], state.length + 1, { broadcast: { item } });
      },
    };
    const a = await realms.start("a", behaviour);
    await leads(a);
    const ghost = a.leaderCall({ type: "add", item: "ghost" });
    await pause(10);
    const giveBack = await realms.rob(a);
    await settled(ghost, 1000);
    giveBack();
    await pause(50);
    gate.open();
    await leads(a);
    await settled(a.leaderCall({ type: "add", item: "after" }), 3000);
    const state = await a.call({ type: "read" });
    expectSo(!state.includes("ghost"), "ended-tenures-have-no-effect", `has [${state}]`);
  }),
  story("a late broadcast of an ended tenure does nothing", async (realms) => {
    const contexts: LeaderCallContext[] = [];
    const plain = listBehaviour();
    const behaviour: Behaviour<ListTypes> = {
      ...plain,
      handleLeaderCall(state, { item }, ctx) {
        contexts.push(ctx);
        return reply([...state, item], 1, { broadcast: { item } });
      },
    };
    let onWorker: readonly string[] = [];
    const a = await realms.start("a", behaviour);
    const w = await realms.start(
      "w",
      listBehaviour((state) => (onWorker = state)),
      { role: "worker" },
    );
    await leads(a);
    await settled(w.leaderCall({ type: "add", item: "first" }), 1000);
    const [ctx] = contexts;
    const giveBack = await realms.rob(a);
    await pause(20);
    giveBack();
    await awaitSo(() => a.election.leader === a.election.self && w.election.leader === a.election.self, 3000, "converges", "nobody leads");
    expectSo(ctx?.signal.aborted === true, "signal-aborts", "the tenure is over, and its signal has not aborted");
    ctx?.broadcast({ item: "late" });
    await settled(w.leaderCall({ type: "add", item: "second" }), 3000);
    await pause(20);
    expectSo(!onWorker.includes("late"), "ended-tenures-have-no-effect", `a follower has [${onWorker}]`);
  }),
  story("a late answer of an ended tenure reaches nobody", async (realms) => {
    let open: LeaderCallContext | null = null;
    const plain = listBehaviour();
    const behaviour: Behaviour<ListTypes> = {
      ...plain,
      handleLeaderCall(state, _request, ctx) {
        open ??= ctx;
        return noreply(state);
      },
    };
    const a = await realms.start("a", behaviour);
    await leads(a);
    const call = settled(a.leaderCall({ type: "add", item: "x" }), 3000);
    await awaitSo(() => open !== null, 1000, "stories-are-sound", "the call has not come");
    const giveBack = await realms.rob(a);
    await pause(20);
    giveBack();
    await leads(a);
    answer(open);
    expectSo((await call).type === "error", "ended-tenures-have-no-effect", "was answered by a tenure that is over");
  }),
  story("what waited in a robbed leader's mailbox goes to the next leader, once", async (realms) => {
    const gate = createGate();
    const ran: string[] = [];
    const plain = listBehaviour();
    const behaviour: Behaviour<ListTypes> = {
      ...plain,
      async handleLeaderCall(state, { item }) {
        ran.push(item);
        if (item === "slow") await gate.opened;
        return reply([...state, item], state.length + 1, { broadcast: { item } });
      },
    };
    const a = await realms.start("a", behaviour);
    await leads(a);
    const slow = a.leaderCall({ type: "add", item: "slow" });
    const next = a.leaderCall({ type: "add", item: "next" });
    await pause(10);
    const giveBack = await realms.rob(a);
    await settled(slow, 1000);
    giveBack();
    await pause(50);
    gate.open();
    const end = await settled(next, 3000);
    expectSo(end.type === "value", "calls-survive-depositions", "a call that had not begun failed");
    await pause(20);
    expectSo(ran.filter((item) => item === "next").length === 1, "executed-once", `ran ${ran}`);
  }),
  story("an answer does not overtake a broadcast that waits for a joiner's sync", async (realms) => {
    const gate = createGate();
    let open: LeaderCallContext | null = null;
    const plain = listBehaviour();
    const behaviour: Behaviour<ListTypes> = {
      ...plain,
      async elected(state, joiner, ctx) {
        if (joiner?.startsWith("c#")) await gate.opened;
        return plain.elected(state, joiner, ctx);
      },
      handleLeaderCall(state, _request, ctx) {
        open = ctx;
        return noreply(state);
      },
    };
    let onB: readonly string[] = [];
    const a = await realms.start("a", behaviour);
    await leads(a);
    const b = await realms.start(
      "b",
      listBehaviour((state) => (onB = state)),
    );
    await awaitSo(() => b.election.leader === a.election.self, 3000, "converges", "b has no leader");
    let atAnswer: readonly string[] | null = null;
    const call = b.leaderCall({ type: "add", item: "x" }).then(() => {
      atAnswer = onB;
    });
    await awaitSo(() => open !== null, 1000, "stories-are-sound", "the call has not come");
    const starting = realms.start("c", listBehaviour());
    await pause(30);
    answer(open);
    await pause(30);
    gate.open();
    await settled(call, 2000);
    const applied: readonly string[] = atAnswer ?? [];
    expectSo(applied.includes("x"), "read-your-writes", `was answered at [${applied}]`);
    await starting;
  }),
];

/** Broadcasts through the context of a call that was left open, and answers it. */
function answer(ctx: LeaderCallContext | null): void {
  if (ctx === null) return;
  ctx.broadcast({ item: "x" });
  replyTo(ctx.from, 1);
}

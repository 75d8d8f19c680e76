/**
 * What the compiler makes of a behaviour whose types are written once. Checked by `npm run typecheck`, never run: each
 * line marked as an error must be one, and nothing else may be.
 */
import {
  type Behaviour,
  type From,
  ignore,
  lead,
  noreply,
  ok,
  reply,
  replyTo,
  type Server,
  start,
  startLink,
  stop,
  sync,
  type Token,
} from "gen-leader";

type Counter = {
  args: { first: number };
  state: number;
  sync: number;
  broadcast: { type: "added"; by: number };
  leaderCalls: { add(request: { by: number }): number; read(): number };
  leaderCasts: { type: "reset" };
  calls: { shown(request: { digits: number }): string };
  casts: "refresh";
  infos: Date;
};

const callbacks = {
  init: ({ first }) => ok(first),
  elected: (state) => sync(state, state),
  surrendered: (_state, theirs) => ok(theirs),
} satisfies Partial<Behaviour<Counter>>;

export const counter: Behaviour<Counter> = {
  ...callbacks,
  // Payloads are known by their type, contexts by their callback.
  elected(state, joiner, { token, mayHaveLost }) {
    const epoch: number = token.epoch;
    return sync(state, state + epoch, { to: joiner === null || mayHaveLost ? "all" : "joiner" });
  },
  surrendered(_state, theirs, { lost, deposed }) {
    const missing: number = lost.reduce((sum, { by }) => sum + by, 0);
    return deposed && missing > 0 ? stop(theirs, "too much lost") : ok(theirs);
  },
  async fromLeader(state, { by }) {
    return ok(state + by);
  },
  handleLeaderCall(state, request) {
    switch (request.type) {
      case "add":
        return reply(state + request.by, state + request.by, { broadcast: { type: "added", by: request.by } });
      case "read":
        return reply(state, state);
    }
  },
  handleLeaderCast: (_state, { type }) => ok(0, { broadcast: { type: type === "reset" ? "added" : "added", by: 0 } }),
  handleDown: (state, peer, { reason }) => (reason === "left" && peer.startsWith("x") ? stop(state, reason) : ok(state)),
  handleCall(state, { digits }, { from }) {
    const later: From<string> = from;
    replyTo(later, state.toFixed(digits));
    return noreply(state);
  },
  handleCast: (state, message: "refresh") => (message === "refresh" ? ok(state) : stop(state, message)),
  handleInfo: (state, date) => ok(state + date.getTime()),
};

export const wrong: readonly Behaviour<Counter>[] = [
  // @ts-expect-error elected is missing
  { init: callbacks.init, surrendered: callbacks.surrendered },
  // @ts-expect-error a state of another type
  { ...callbacks, init: () => ok("zero") },
  // @ts-expect-error elected hands out a sync
  { ...callbacks, elected: (state) => ok(state) },
  // @ts-expect-error a sync of another type
  { ...callbacks, elected: (state) => sync(state, String(state)) },
  // @ts-expect-error only call handlers reply
  { ...callbacks, fromLeader: (state) => reply(state, 1) },
  // @ts-expect-error a reply of no call
  { ...callbacks, handleLeaderCall: (state) => reply(state, "one") },
  // @ts-expect-error a call handler says whether it replies
  { ...callbacks, handleLeaderCall: (state) => ok(state) },
  // @ts-expect-error a broadcast of another type
  { ...callbacks, handleLeaderCall: (state) => reply(state, 1, { broadcast: { type: "added", by: "one" } }) },
  // @ts-expect-error a local call cannot broadcast
  { ...callbacks, handleCall: (state) => reply(state, "1", { broadcast: { type: "added", by: 1 } }) },
  // @ts-expect-error only init may ignore
  { ...callbacks, surrendered: () => ignore() },
];

export async function useServer(): Promise<void> {
  const server: Server<Counter> = await start("counter", counter, { args: { first: 1 } });
  // @ts-expect-error init takes arguments
  await start("counter", counter);
  // @ts-expect-error an argument of another type
  await start("counter", counter, { args: { first: "one" } });
  // @ts-expect-error a link needs a signal
  await startLink("counter", counter, { args: { first: 1 } });

  const sum: number = await server.leaderCall({ type: "add", by: 1 }, { timeoutMs: 100, retry: true });
  const read: number = await server.leaderCall({ type: "read" });
  const shown: string = await server.call({ type: "shown", digits: sum + read }, { to: "peer" });
  server.leaderCast({ type: "reset" });
  server.cast("refresh");
  server.info(new Date(shown));
  const token: Token | null = server.election.token;

  // @ts-expect-error the reply is a number
  const text: string = await server.leaderCall({ type: "read" });
  // @ts-expect-error a field is missing
  await server.leaderCall({ type: "add" });
  // @ts-expect-error a field of another type
  await server.leaderCall({ type: "add", by: "1" });
  // @ts-expect-error no such call
  await server.leaderCall({ type: "subtract", by: 1 });
  // @ts-expect-error a call to the leader is none to a peer
  await server.call({ type: "read" });
  // @ts-expect-error no such cast
  server.cast("again");
  // @ts-expect-error no such leader cast
  server.leaderCast({ type: "clear" });
  // @ts-expect-error the election is read-only
  server.election.leader = token?.leader ?? text;
}

/** What is left out of the types cannot be used. */
export async function useBare(bare: Behaviour<{ state: number; sync: number }>): Promise<void> {
  const server = await start("bare", bare);
  // @ts-expect-error there are no leader calls
  await server.leaderCall({ type: "read" });
  // @ts-expect-error there are no casts
  server.cast("refresh");
}

export function useLead(): void {
  lead("socket", ({ signal, epoch, token }) => {
    const stale: boolean = signal.aborted || epoch < token.epoch;
    return () => console.info(stale);
  });
  lead("socket", async () => {});
  // @ts-expect-error a clean-up is a function
  lead("socket", () => 1);
  // @ts-expect-error an unknown role
  lead("socket", () => {}, { role: "observer" });
}

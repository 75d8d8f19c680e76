/**
 * The global dictionary as tests run it: every reply carries the token of the tenure in which the leader gave it, and
 * what happens to the peer is told.
 *
 * @module
 */
import { answer, changed, type DictionaryTypes, type Entries } from "@gen-leader/example-dictionary";
import { type AnyRequest, type Behaviour, ok, type PeerId, reply, sync, type Token } from "gen-leader";

/** A reply of the leader. */
export interface Stamped {
  readonly value: unknown;
  /** The token of the tenure in which the callback ran that gave the reply. */
  readonly token: Token;
}

/** The dictionary's types, with stamped replies, and a call that makes the leader hang while it handles it. */
export interface StampedTypes extends Omit<DictionaryTypes, "leaderCalls"> {
  readonly leaderCalls: {
    store(request: { readonly key: string; readonly value: unknown }): Stamped;
    lookup(request: { readonly key: string }): Stamped;
    append(request: { readonly key: string; readonly value: unknown }): Stamped;
    erase(request: { readonly key: string }): Stamped;
    /** Stores `value` at `key` after a busy loop of `ms`. */
    hang(request: { readonly ms: number; readonly key: string; readonly value: unknown }): Stamped;
  };
}

/** Who is told. */
export interface Hooks {
  elected(peer: PeerId, token: Token): void;
  surrendered(peer: PeerId, token: Token, deposed: boolean, version: number): void;
  /** A `hang` begins or ends. */
  hang(edge: "begin" | "end"): void;
  /** The peer's copy has become this one. */
  changed(entries: Entries): void;
}

/** Occupies this thread. */
export function busyLoop(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

export function createStampedDictionary(hooks: Hooks): Behaviour<StampedTypes> {
  /** The tenure that `elected` opened. A leader that was deposed unawares goes on stamping with it, so a test can tell. */
  let tenure: Token | null = null;
  const goOn = (entries: Entries): Entries => {
    hooks.changed(entries);
    return entries;
  };
  /** What the dictionary itself is asked: `hang` is a `store` that takes its time. */
  const plain = (request: AnyRequest<StampedTypes["leaderCalls"]>): AnyRequest<DictionaryTypes["leaderCalls"]> => {
    if (request.type !== "hang") return request;
    hooks.hang("begin");
    busyLoop(request.ms);
    hooks.hang("end");
    return { type: "store", key: request.key, value: request.value };
  };
  return {
    init: () => ok(new Map()),
    elected(entries, joiner, ctx) {
      if (joiner === null) {
        tenure = ctx.token;
        hooks.elected(ctx.self, ctx.token);
      }
      return sync(entries, entries);
    },
    surrendered(_entries, leaderEntries, ctx) {
      hooks.surrendered(ctx.self, ctx.token, ctx.deposed, ctx.version);
      return ok(goOn(leaderEntries));
    },
    snapshot: (entries) => entries,
    fromLeader: (entries, change) => ok(goOn(changed(entries, change))),
    handleLeaderCall(entries, request) {
      if (tenure === null) throw new Error("handleLeaderCall ran before elected.");
      const result = answer(entries, plain(request));
      goOn(result.state);
      return { ...result, reply: { value: result.reply, token: tenure } };
    },
    handleLeaderCast(entries, message) {
      const change = { type: "stored", key: message.key, value: message.value } as const;
      return ok(goOn(changed(entries, change)), { broadcast: change });
    },
    handleCall(entries, request) {
      switch (request.type) {
        case "lookup":
          return reply(entries, entries.get(request.key));
        case "keys":
          return reply(entries, [...entries.keys()]);
        case "entries":
          return reply(entries, [...entries]);
      }
    },
  };
}

/**
 * The behaviour that the playground runs: the global dictionary, which also tells what happens to it. A reply carries the
 * token under which the leader gave it, so that a test can see that no deposed leader was believed.
 *
 * @module
 */
import { answer, changed, type DictionaryTypes } from "@gen-leader/example-dictionary";
import { type Behaviour, ok, type PeerId, reply, sync, type Token } from "gen-leader";
import type { Happening } from "./events.js";

/** A reply of the leader. */
export interface Stamped<Value> {
  readonly value: Value;
  /** The fencing token of the leader's tenure. */
  readonly token: Token | null;
}

/** The dictionary's types, with stamped replies, and a call that asks a leader to hand over. */
export interface PlaygroundTypes extends Omit<DictionaryTypes, "leaderCalls" | "calls"> {
  readonly leaderCalls: {
    store(request: { readonly key: string; readonly value: unknown }): Stamped<unknown>;
    lookup(request: { readonly key: string }): Stamped<unknown>;
    append(request: { readonly key: string; readonly value: unknown }): Stamped<unknown>;
    erase(request: { readonly key: string }): Stamped<unknown>;
  };
  readonly calls: DictionaryTypes["calls"] & {
    /** Asks the peer called to step down, in favour of `to` where it is named. Any tab may ask; answered before it happens. */
    handOver(request: { readonly to: PeerId | null }): void;
  };
}

/** What the behaviour tells of itself. */
export interface PlaygroundHooks {
  /** Something happened under `token`. */
  happened(happening: Happening, token: Token | null): void;
  /** The state is about to change, or has. */
  changed(): void;
  /** Somebody asks this peer to step down. */
  handOver(to: PeerId | null): void;
}

/** The dictionary with eyes. */
export function createPlaygroundBehaviour(hooks: PlaygroundHooks): Behaviour<PlaygroundTypes> {
  return {
    init: () => ok(new Map()),
    elected(entries, joiner, ctx) {
      hooks.happened(joiner === null ? { type: "elected" } : { type: "joined", about: joiner }, ctx.token);
      return sync(entries, entries);
    },
    surrendered(_entries, leaderEntries, ctx) {
      hooks.happened({ type: "surrendered", deposed: ctx.deposed }, ctx.token);
      hooks.changed();
      return ok(leaderEntries);
    },
    snapshot: (entries) => entries,
    fromLeader(entries, change) {
      hooks.changed();
      return ok(changed(entries, change));
    },
    handleLeaderCall(entries, request, ctx) {
      const result = answer(entries, request);
      if (result.broadcast !== undefined) hooks.changed();
      return { ...result, reply: { value: result.reply, token: ctx.election.token } };
    },
    handleLeaderCast(entries, message) {
      hooks.changed();
      const change = { type: "stored", key: message.key, value: message.value } as const;
      return ok(changed(entries, change), { broadcast: change });
    },
    handleDown(entries, peer, ctx) {
      hooks.happened({ type: "down", about: peer, reason: ctx.reason }, ctx.election.token);
      return ok(entries);
    },
    handleCall(entries, request) {
      switch (request.type) {
        case "lookup":
          return reply(entries, entries.get(request.key));
        case "keys":
          return reply(entries, [...entries.keys()]);
        case "entries":
          return reply(entries, [...entries]);
        case "handOver":
          hooks.handOver(request.to);
          return reply(entries, undefined);
      }
    },
  };
}

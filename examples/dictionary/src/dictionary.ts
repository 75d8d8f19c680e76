/**
 * The global dictionary, gen_leader's own example: one dictionary that every peer has a copy of. Writes run on
 * the leader, in one order for everyone, and reach the others as broadcasts; reads are answered by the leader
 * (`leaderCall`) or, a moment behind at worst, by the peer asked (`call`).
 *
 * @module
 */
import { type AnyRequest, type Behaviour, ok, type Reply, reply, sync } from "gen-leader";

/** What the dictionary holds: immutable, so that a state once seen never changes. */
export type Entries = ReadonlyMap<string, unknown>;

/** One change of the dictionary, as the leader broadcasts it. */
export type DictionaryChange =
  | { readonly type: "stored"; readonly key: string; readonly value: unknown }
  | { readonly type: "appended"; readonly key: string; readonly value: unknown }
  | { readonly type: "erased"; readonly key: string };

/** The types of the dictionary, written once; every call, cast and broadcast is checked against them. */
export interface DictionaryTypes {
  readonly state: Entries;
  readonly sync: Entries;
  readonly broadcast: DictionaryChange;
  readonly leaderCalls: {
    /** Puts `value` at `key`. */
    store(request: { readonly key: string; readonly value: unknown }): void;
    /** What the leader has at `key`; `undefined` if nothing. */
    lookup(request: { readonly key: string }): unknown;
    /** Adds `value` to the list at `key` and returns its new length. What is no list becomes the first element of one. */
    append(request: { readonly key: string; readonly value: unknown }): number;
    /** Removes `key`; whether it was there. */
    erase(request: { readonly key: string }): boolean;
  };
  readonly leaderCasts: { readonly type: "store"; readonly key: string; readonly value: unknown };
  readonly calls: {
    /** What the peer asked has at `key`; `undefined` if nothing. */
    lookup(request: { readonly key: string }): unknown;
    /** The keys that the peer asked has, oldest first. */
    keys(): readonly string[];
    /** All that the peer asked has, oldest first. */
    entries(): readonly (readonly [key: string, value: unknown])[];
  };
}

/** The dictionary after a change. The leader and its followers share this function, so they cannot come to differ. */
export function changed(entries: Entries, change: DictionaryChange): Entries {
  const next = new Map(entries);
  switch (change.type) {
    case "stored":
      next.set(change.key, change.value);
      break;
    case "appended":
      next.set(change.key, [...listAt(entries, change.key), change.value]);
      break;
    case "erased":
      next.delete(change.key);
      break;
  }
  return next;
}

/** The list at a key, to be appended to. */
function listAt(entries: Entries, key: string): readonly unknown[] {
  if (!entries.has(key)) return [];
  const value = entries.get(key);
  return Array.isArray(value) ? value : [value];
}

/** What the leader makes of one request: the reply, the dictionary after it, and the change to broadcast if there is one. */
export function answer(entries: Entries, request: AnyRequest<DictionaryTypes["leaderCalls"]>): Reply<Entries, unknown, DictionaryChange> {
  switch (request.type) {
    case "store": {
      const change: DictionaryChange = { type: "stored", key: request.key, value: request.value };
      return reply(changed(entries, change), undefined, { broadcast: change });
    }
    case "lookup":
      return reply(entries, entries.get(request.key));
    case "append": {
      const change: DictionaryChange = { type: "appended", key: request.key, value: request.value };
      return reply(changed(entries, change), listAt(entries, request.key).length + 1, { broadcast: change });
    }
    case "erase": {
      if (!entries.has(request.key)) return reply(entries, false);
      const change: DictionaryChange = { type: "erased", key: request.key };
      return reply(changed(entries, change), true, { broadcast: change });
    }
  }
}

/** The behaviour: hand it to `start`. */
export const dictionary: Behaviour<DictionaryTypes> = {
  init: () => ok(new Map()),

  // A new leader brings its own dictionary; whoever surrenders to it takes that over. So nothing is lost as
  // long as one peer that has the dictionary is up, since such a peer is preferred to a blank one.
  elected: (entries) => sync(entries, entries),
  surrendered: (_entries, leaderEntries) => ok(leaderEntries),
  snapshot: (entries) => entries,

  fromLeader: (entries, change) => ok(changed(entries, change)),

  handleLeaderCall: (entries, request) => answer(entries, request),

  handleLeaderCast(entries, message) {
    const change: DictionaryChange = { type: "stored", key: message.key, value: message.value };
    return ok(changed(entries, change), { broadcast: change });
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

/**
 * The behaviour that most tests use: a list of items, appended by the leader. Any callback can be replaced.
 *
 * @module
 */
import { type Behaviour, ok, reply, sync } from "gen-leader";

export type Log = {
  readonly state: readonly string[];
  readonly sync: readonly string[];
  readonly broadcast: string;
  readonly leaderCalls: { append(request: { readonly item: string }): number; items(): readonly string[] };
  readonly leaderCasts: string;
  readonly calls: { items(): readonly string[] };
  readonly casts: string;
  readonly infos: unknown;
};

export function createLog(replaced: Partial<Behaviour<Log>> = {}): Behaviour<Log> {
  return {
    init: () => ok([]),
    elected: (items) => sync(items, items),
    surrendered: (_items, theirs) => ok(theirs),
    fromLeader: (items, item) => ok([...items, item]),
    handleLeaderCall(items, request) {
      if (request.type === "items") return reply(items, items);
      return reply([...items, request.item], items.length + 1, { broadcast: request.item });
    },
    handleLeaderCast: (items, item) => ok([...items, item], { broadcast: item }),
    handleCall: (items) => reply(items, items),
    ...replaced,
  };
}

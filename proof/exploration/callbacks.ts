/**
 * The callbacks of every realm: a log that all share, as in the simulator. They run at once when they are delivered: what an
 * asynchronous callback would add is a later `synced`, `broadcast` or `answered`, which the core takes or drops by its tenure.
 *
 * @module
 */
import { type Delivery, type Event, sameToken } from "gen-leader/protocol";
import type { Realm } from "./world.js";

/** What a callback leaves behind: its realm, and what it feeds the core. */
export interface CallbackResult {
  readonly realm: Realm;
  readonly events: readonly Event[];
}

/** What the items of a log travel as. */
function itemsOf(sync: unknown): readonly string[] {
  return Array.isArray(sync) ? sync.map(String) : [];
}

export function runCallback(realm: Realm, delivery: Delivery): CallbackResult {
  const now = realm.state.now;
  switch (delivery.type) {
    case "elected":
      return {
        realm,
        events: [{ now, type: "synced", token: delivery.token, joiner: delivery.joiner, sync: realm.log, to: "joiner" }],
      };
    case "surrendered":
      return { realm: { ...realm, log: itemsOf(delivery.sync) }, events: [] };
    case "from-leader":
      return { realm: { ...realm, log: [...realm.log, String(delivery.payload)] }, events: [] };
    case "leader-call": {
      const { token, caller } = delivery;
      const { phase, token: present } = realm.state;
      // The tenure ended before the callback could begin.
      if (phase.type !== "leading" || !sameToken(present, token))
        return { realm, events: [{ now, type: "abandoned", begun: [], waiting: [caller] }] };
      const item = String(delivery.request);
      const log = [...realm.log, item];
      return {
        realm: { ...realm, log },
        events: [
          { now, type: "broadcast", token, payload: item, to: null },
          { now, type: "answered", token, caller, result: { type: "value", value: log.length } },
        ],
      };
    }
    case "settle": {
      if (delivery.outcome.type !== "result") return { realm, events: [] };
      return { realm: { ...realm, answered: [...realm.answered, itemOf(realm, delivery.call)] }, events: [] };
    }
    case "peer-call":
      return { realm, events: [{ now, type: "peer-answered", caller: delivery.caller, result: { type: "value", value: realm.log } }] };
    case "snapshot":
      return { realm, events: [{ now, type: "snapshotted", requester: delivery.requester, campaign: delivery.campaign, sync: realm.log }] };
    case "leader-cast":
    case "down":
    case "peer-cast":
    case "advance":
      return { realm, events: [] };
  }
}

/** What a call of this realm's user asks the leader to append. */
export function itemOf({ name }: Realm, call: number): string {
  return `${name}${call}`;
}

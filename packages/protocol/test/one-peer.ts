/**
 * One peer, alone with its events: for what no transcript shows, since no peer of this code would say it.
 */
import {
  type Config,
  defaultLimits,
  type Effect,
  type Event,
  initialState,
  type Member,
  type PeerId,
  type PeerState,
  step,
} from "../src/index.js";
import type { Content } from "../src/messages.js";

export const config: Config = {
  ...{ role: "candidate", priority: 0, version: 0, epoch: 0, lists: null, limits: defaultLimits },
  ...{ historyLimit: 8, fenced: true, snapshots: false },
};

export const candidate = (id: PeerId): Member => ({ id, role: "candidate", priority: 0, preference: 0, version: 0 });

export interface Outcome {
  readonly state: PeerState;
  readonly effects: readonly Effect[];
}

/** Runs events after one another, and answers `elected`; with a `holder`, the fence's questions as well. */
export function take(state: PeerState, events: readonly Event[], holder?: PeerId | null): Outcome {
  const effects: Effect[] = [];
  const queue = [...events];
  let next = state;
  for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
    const result = step(next, event);
    next = result.state;
    effects.push(...result.effects);
    for (const effect of result.effects) {
      const { now } = event;
      if (effect.type === "deliver" && effect.delivery.type === "elected") {
        const { token, joiner } = effect.delivery;
        queue.unshift({ type: "synced", token, joiner, sync: null, to: "joiner", now });
      }
      if (effect.type === "fence-query" && holder !== undefined) queue.unshift({ type: "fence-holder", query: effect.query, holder, now });
    }
  }
  return { state: next, effects };
}

/** Lets every deadline pass until `until`. */
export function wait(from: PeerState, until: number, holder: PeerId | null): Outcome {
  const effects: Effect[] = [];
  let state = from;
  for (let now = state.now; now <= until; now += 50) {
    const later = take(state, [{ type: "timeout", now }], holder);
    state = later.state;
    effects.push(...later.effects);
  }
  return { state, effects };
}

/** What `from` says, as an event. */
export function said(from: PeerId, content: Content, now: number): Event {
  return { type: "received", message: { gl: 1, from, ...content }, now };
}

/** The peer leads, alone. */
export function leading(self: PeerId = "a#1", own: Config = config): PeerState {
  const opened: Event = { type: "opened", self, census: [self], holder: null, wall: 1000, now: 1000 };
  return take(initialState(own, self), [opened, { type: "fence-granted", census: [self], now: 1000 }], self).state;
}

/** The peer follows the first of `others`. */
export function following(self: PeerId, leader: PeerId, ...others: readonly PeerId[]): PeerState {
  const token = { epoch: 1000, leader };
  const members = [leader, ...others, self].map(candidate);
  const opened: Event = { type: "opened", self, census: [leader, ...others, self], holder: leader, wall: 1000, now: 1000 };
  const welcome = said(leader, { type: "welcome", token, sequence: 0, members, sync: null, root: null, ancestry: [] }, 1000);
  return take(initialState(config, self), [opened, welcome], leader).state;
}

/** What went to whom: `challenge to c#2`, or `accuse` to all. */
export function spoken(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) => {
    if (effect.type === "send") return [`${effect.message.type} to ${effect.to}`];
    return effect.type === "post" ? [effect.message.type] : [];
  });
}

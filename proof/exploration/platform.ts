/**
 * The platform of a world: hands an event to a realm's core and carries its effects out, opens and ends realms. The only place where
 * exploring meets the core.
 *
 * @module
 */
import {
  type Effect,
  type Event,
  initialState,
  type Message,
  type PeerId,
  type PeerState,
  peerId,
  type Step,
  type step,
} from "gen-leader/protocol";
import { runCallback } from "./callbacks.js";
import { releaseFence, requestFence, stealFence } from "./fence.js";
import { normalForm } from "./normal-form.js";
import type { ExplorationOptions } from "./options.js";
import { sketchOf } from "./sketch.js";
import { sameWhenWaiting } from "./waiting.js";
import { bearerOf, type Draft, type Frame, hears, isPresent, pathIndex, type Realm, realmAt } from "./world.js";

/** One step of one core, as checkers and traces see it. `draft` is the world before the effects are carried out. */
export interface ObservedStep {
  readonly draft: Draft;
  readonly realm: Realm;
  readonly event: Event;
  readonly before: PeerState;
  readonly effects: readonly Effect[];
  readonly after: PeerState;
}

/** What a transition needs besides the world. */
export interface Platform {
  readonly options: ExplorationOptions;
  readonly step: typeof step;
  observe(step: ObservedStep): void;
}

/** Feeds one event to the core in a slot, and what its callbacks make of it; all that is local happens at once. */
export function feed(platform: Platform, draft: Draft, slot: number, first: Event): void {
  const events: Event[] = [first];
  for (let event = events.shift(); event !== undefined; event = events.shift()) {
    const realm = realmAt(draft.realms, slot);
    const before = withWall(realm.state, event, platform.options.wall === "moving" ? draft.epochTop + 1 : 1);
    const result: Step = platform.step(before, event);
    draft.epochTop = Math.max(draft.epochTop, result.state.highestEpoch, result.state.promisedEpoch);
    draft.realms[slot] = { ...realm, state: result.state };
    platform.observe({ draft, realm, event, before, effects: result.effects, after: result.state });
    noteVictory(platform, draft, before, result.state);
    for (const effect of result.effects) perform(platform, draft, slot, effect, events);
    if (platform.options.answers === "at-once") answerAtOnce(draft, slot, events);
  }
  const realm = realmAt(draft.realms, slot);
  draft.realms[slot] = settle(realm, normalForm(realm.state));
  if (realm.life === "up" && realm.state.phase.type === "away") vanish(draft, slot, "gone");
}

/** The platform has answered before anything else happens. */
function answerAtOnce(draft: Draft, slot: number, events: Event[]): void {
  const realm = realmAt(draft.realms, slot);
  if (realm.answers.length === 0) return;
  draft.realms[slot] = { ...realm, answers: [] };
  const { holder } = draft.fence;
  for (const { query } of realm.answers) events.push({ now: realm.state.now, type: "fence-holder", query, holder });
}

/** The wall clock is beyond every campaign that there was: campaigns take longer than its tick. */
function withWall(state: PeerState, event: Event, wall: number): PeerState {
  return { ...state, wallOffset: wall - event.now };
}

function noteVictory({ options }: Platform, draft: Draft, before: PeerState, after: PeerState): void {
  if (after.phase.type !== "leading" || before.phase.type === "leading" || after.token === null) return;
  draft.won = after.token;
  if (options.epochs > 0) draft.elections += 1;
}

/** A realm in normal form: questions are numbered by their place, and answers that nobody waits for are dropped. */
function settle(realm: Realm, state: PeerState): Realm {
  const { answers, told } = realm;
  const numbers = new Map(state.queries.map(({ number }, index) => [number, -1 - index]));
  const isInOrder = state.queries.every(({ number }, index) => number === -1 - index) && answers.every(({ query }) => numbers.has(query));
  const watched = told.length === 0 ? told : told.filter((id) => state.monitored.has(id));
  if (isInOrder) return { ...realm, state, told: watched };
  return {
    ...realm,
    state: { ...state, queries: state.queries.map((query, index) => ({ ...query, number: -1 - index })) },
    answers: answers.flatMap(({ query, holders }) => {
      const number = numbers.get(query);
      return number === undefined ? [] : [{ query: number, holders }];
    }),
    told: watched,
  };
}

function perform(platform: Platform, draft: Draft, slot: number, effect: Effect, events: Event[]): void {
  const realm = realmAt(draft.realms, slot);
  const { self, now } = realm.state;
  switch (effect.type) {
    case "post":
      if (realm.life !== "up") return;
      return post(platform, draft, realm, effect.message);
    case "send": {
      if (realm.life !== "up") return;
      const other = bearerOf(draft.realms, effect.to);
      if (other !== undefined && other.slot !== slot) transmit(platform, draft, realm, other, frameOf(effect.message), 1);
      return;
    }
    case "monitor":
    case "demonitor":
      if (realm.told.includes(effect.peer)) draft.realms[slot] = { ...realm, told: realm.told.filter((id) => id !== effect.peer) };
      return;
    case "fence-request":
      return requestFence(draft, self);
    case "fence-release":
      return releaseFence(draft, self);
    case "fence-steal":
      return stealFence(draft, self, effect.holder);
    case "fence-query":
      draft.realms[slot] = { ...realm, answers: [...realm.answers, { query: effect.query, holders: [draft.fence.holder] }] };
      return;
    case "deliver": {
      const result = runCallback(realm, effect.delivery);
      draft.realms[slot] = result.realm;
      events.push(...result.events);
      return;
    }
    case "tenure-ended":
      events.push({ now, type: "abandoned", begun: [], waiting: [] });
      return;
    case "drain":
      events.push({ now, type: "drained", token: effect.token });
      return;
    case "reopen":
      return vanish(draft, slot, "opening");
    case "name-taken":
      events.length = 0;
      events.push({ now, type: "leave", backOffMs: 0 });
      return;
    default:
      return;
  }
}

function frameOf(message: Message): Frame {
  return { message, sketch: sketchOf(message) };
}

function post(platform: Platform, draft: Draft, source: Realm, message: Message): void {
  const frame = frameOf(message);
  for (const target of draft.realms) if (target.slot !== source.slot) transmit(platform, draft, source, target, frame, 0);
}

function transmit({ options }: Platform, draft: Draft, source: Realm, target: Realm, frame: Frame, method: 0 | 1): void {
  if (!isPresent(target) || target.life === "corpse" || !hears(draft.island, source.slot, target.slot)) return;
  const index = pathIndex(draft.realms.length, source.slot, target.slot, options.paths === "split" ? method : 0);
  const waiting = draft.paths[index] ?? [];
  // What a realm that stands still is told again and again is kept once, where it was told first: else its line would grow without end,
  // and come in every order.
  const place = target.life === "hung" ? waiting.findIndex((other) => sameWhenWaiting(other.message, frame.message)) : -1;
  draft.paths[index] = place < 0 ? [...waiting, frame] : waiting.with(place, frame);
}

/** An incarnation ends: its sign of life goes, its hold on the fence, and what was on its way to it. What it said stays on its way. */
export function vanish(draft: Draft, slot: number, life: "opening" | "gone"): void {
  const realm = realmAt(draft.realms, slot);
  releaseFence(draft, realm.state.self);
  const count = draft.realms.length;
  for (let source = 0; source < count; source += 1)
    for (const method of [0, 1] as const) draft.paths[pathIndex(count, source, slot, method)] = [];
  draft.realms[slot] = {
    ...realm,
    life,
    fenceEvents: [],
    answers: [],
    told: [],
    missed: [],
    heard: [],
    robbedAsleep: false,
    hasBacklog: false,
    ...(life === "gone" ? forgotten(realm) : {}),
  };
}

/** Of a realm that is gone nothing is kept, so that worlds that differ in nothing else are one. */
function forgotten({ state }: Realm): Pick<Realm, "state" | "log" | "cursor" | "answered"> {
  return {
    state: initialState(state.config, state.self),
    log: [],
    cursor: { token: null, sequence: 0 },
    answered: [],
  };
}

/** The media of a realm are open under its next incarnation. */
export function open(platform: Platform, draft: Draft, slot: number): void {
  const { options } = platform;
  const realm = realmAt(draft.realms, slot);
  if (realm.life !== "unborn") draft.incarnationTop += 1;
  // Before the run every peer has its id already: which of those that start first comes to be called a is of no account.
  const self: PeerId = peerId(realm.name, realm.life === "unborn" ? slot + 1 : draft.incarnationTop);
  draft.realms[slot] = { ...realm, life: "up", state: { ...realm.state, self } };
  const census = options.census
    ? draft.realms.filter((other) => isPresent(other) && hears(draft.island, slot, other.slot)).map(({ state }) => state.self)
    : null;
  const wall = options.wall === "moving" ? draft.epochTop + 1 : 1;
  feed(platform, draft, slot, { now: 0, type: "opened", self, census, holder: draft.fence.holder, wall });
}

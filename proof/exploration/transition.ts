/**
 * The world after an action: `transition`.
 *
 * @module
 */
import type { FenceEvent, PeerId } from "gen-leader/protocol";
import { initialState } from "gen-leader/protocol";
import type { Action } from "./actions.js";
import { itemOf } from "./callbacks.js";
import { rebase } from "./normal-form.js";
import type { Budget } from "./options.js";
import { feed, open, type Platform, vanish } from "./platform.js";
import { bearerOf, type Draft, draftOf, hears, isPresent, type Realm, realmAt, type World } from "./world.js";

/** How long a realm stands still that hangs: beyond all its deadlines. */
const hangMs = 60_000;

export function transition(platform: Platform, world: World, action: Action): World {
  const draft = draftOf(world);
  if (action.kind === "early") spend(draft, "early");
  run(platform, draft, action);
  for (const realm of draft.realms)
    if (realm.hasBacklog && !isWaitedFor(draft, realm)) draft.realms[realm.slot] = { ...realm, hasBacklog: false };
  return draft;
}

/** Whether anything is on its way to a realm. */
function isWaitedFor({ paths, realms }: Draft, { slot, fenceEvents, answers }: Realm): boolean {
  if (fenceEvents.length > 0 || answers.length > 0) return true;
  return paths.some((frames, path) => frames.length > 0 && Math.floor(path / 2) % realms.length === slot);
}

function spend(draft: Draft, name: keyof Budget): void {
  draft.budget = { ...draft.budget, [name]: draft.budget[name] - 1 };
}

function run(platform: Platform, draft: Draft, action: Action): void {
  switch (action.type) {
    case "deliver":
      takeFirst(draft, action.path);
      return feed(platform, draft, action.slot, { now: 0, type: "received", message: action.message });
    case "lose":
      spend(draft, "losses");
      return takeFirst(draft, action.path);
    case "fence-event":
      return hearOfFence(platform, draft, action.slot);
    case "fence-answer": {
      const realm = realmAt(draft.realms, action.slot);
      draft.realms[action.slot] = { ...realm, answers: realm.answers.slice(1) };
      return feed(platform, draft, action.slot, { now: 0, type: "fence-holder", query: action.query, holder: action.holder });
    }
    case "down": {
      const realm = realmAt(draft.realms, action.slot);
      const missed = action.isPresent ? [...new Set([...realm.missed, action.peer])].sort() : realm.missed;
      draft.realms[action.slot] = { ...realm, told: [...realm.told, action.peer], missed };
      const reason = action.isPresent || !platform.options.census ? "unresponsive" : "crashed";
      return feed(platform, draft, action.slot, { now: 0, type: "down", peer: action.peer, reason });
    }
    case "appeared": {
      const realm = realmAt(draft.realms, action.slot);
      draft.realms[action.slot] = { ...realm, heard: realm.heard.filter((peer) => peer !== action.peer) };
      return feed(platform, draft, action.slot, { now: 0, type: "appeared", peer: action.peer });
    }
    case "timeout":
      return feed(platform, draft, action.slot, { now: Math.max(action.dueMs, 0), type: "timeout" });
    case "open":
      return open(platform, draft, action.slot);
    case "recover":
      return recover(platform, draft, action.slot);
    case "crash":
      spend(draft, "crashes");
      return vanish(draft, action.slot, "gone");
    case "hang":
      spend(draft, "hangs");
      draft.realms[action.slot] = { ...realmAt(draft.realms, action.slot), life: "hung" };
      return;
    case "corpse":
      spend(draft, "corpses");
      return becomeCorpse(draft, action.slot);
    case "restart": {
      spend(draft, "restarts");
      const realm = realmAt(draft.realms, action.slot);
      draft.realms[action.slot] = { ...realm, state: initialState(realm.state.config, realm.state.self) };
      return open(platform, draft, action.slot);
    }
    case "stop":
      spend(draft, "stops");
      return feed(platform, draft, action.slot, { now: 0, type: "leave", backOffMs: 0 });
    case "call":
      return call(platform, draft, action.slot);
    case "step-down":
      spend(draft, "handOvers");
      return feed(platform, draft, action.slot, { now: 0, type: "step-down", request: 0, to: action.to, backOffMs: 300, alone: "refuse" });
    case "partition":
      spend(draft, "partitions");
      draft.island = action.island;
      return;
    case "heal":
      return heal(draft);
  }
}

function takeFirst(draft: Draft, path: number): void {
  draft.paths[path] = (draft.paths[path] ?? []).slice(1);
}

function hearOfFence(platform: Platform, draft: Draft, slot: number): void {
  const realm = realmAt(draft.realms, slot);
  const [type, ...rest] = realm.fenceEvents;
  if (type === undefined) return;
  draft.realms[slot] = { ...realm, fenceEvents: rest, robbedAsleep: realm.robbedAsleep && type !== "lost" && type !== "ended" };
  feed(platform, draft, slot, fenceEvent(platform, draft, slot, type));
}

function fenceEvent({ options }: Platform, draft: Draft, slot: number, type: FenceEvent["type"]) {
  if (type !== "granted") return { now: 0, type: `fence-${type}` } as const;
  const census: readonly PeerId[] | null = options.census
    ? draft.realms.filter((other) => isPresent(other) && hears(draft.island, slot, other.slot)).map(({ state }) => state.self)
    : null;
  return { now: 0, type: "fence-granted", census } as const;
}

/** A realm goes on: its clock is beyond all deadlines, and everything that waited for it still does. */
function recover({ options }: Platform, draft: Draft, slot: number): void {
  const realm = realmAt(draft.realms, slot);
  draft.realms[slot] = { ...realm, life: "up", state: rebase(realm.state, hangMs), hasBacklog: options.backlog === "first" };
}

/** It will never take anything in: what is on its way to it is of no account. */
function becomeCorpse(draft: Draft, slot: number): void {
  const realm = realmAt(draft.realms, slot);
  const count = draft.realms.length;
  for (let path = 0; path < draft.paths.length; path += 1) if (Math.floor(path / 2) % count === slot) draft.paths[path] = [];
  draft.realms[slot] = {
    ...realm,
    life: "corpse",
    answers: [],
    told: [],
    missed: [],
    heard: [],
    state: { ...realm.state, inbox: [], deadlines: {} },
  };
}

function call(platform: Platform, draft: Draft, slot: number): void {
  const realm = realmAt(draft.realms, slot);
  spend(draft, realm.state.phase.type === "leading" ? "broadcasts" : "calls");
  const number = realm.callsMade + 1;
  draft.realms[slot] = { ...realm, callsMade: number };
  feed(platform, draft, slot, { now: 0, type: "call", call: number, request: itemOf(realm, number), retry: false });
}

/** The network is whole again: a detector that had given somebody up hears it. */
function heal(draft: Draft): void {
  draft.island = 0;
  for (const realm of draft.realms) {
    const heard = realm.missed.filter((peer) => bearerOf(draft.realms, peer) !== undefined);
    if (realm.missed.length > 0) draft.realms[realm.slot] = { ...realm, missed: [], heard };
  }
}

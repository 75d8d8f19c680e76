/**
 * What may happen next in a world.
 *
 * @module
 */
import { type Message, nextDeadline, type PeerId } from "gen-leader/protocol";
import type { ExplorationOptions } from "./options.js";
import { bearerOf, hears, isPresent, pathIndex, type Realm, realmAt, type World } from "./world.js";

/** What an action counts as: `ordinary` ones happen by themselves, the others need not happen and are bounded by the budget. */
export type ActionKind = "ordinary" | "fault" | "act" | "early";

export type Action = { readonly kind: ActionKind } & (
  | { readonly type: "deliver"; readonly path: number; readonly slot: number; readonly message: Message }
  | { readonly type: "lose"; readonly path: number; readonly slot: number; readonly message: Message }
  | { readonly type: "fence-event"; readonly slot: number }
  | { readonly type: "fence-answer"; readonly slot: number; readonly query: number; readonly holder: PeerId | null }
  | { readonly type: "down"; readonly slot: number; readonly peer: PeerId; readonly isPresent: boolean }
  | { readonly type: "appeared"; readonly slot: number; readonly peer: PeerId }
  | { readonly type: "timeout"; readonly slot: number; readonly dueMs: number }
  | { readonly type: "open" | "recover" | "crash" | "hang" | "corpse" | "restart" | "stop" | "call"; readonly slot: number }
  | { readonly type: "step-down"; readonly slot: number; readonly to: PeerId }
  | { readonly type: "partition"; readonly island: number }
  | { readonly type: "heal" }
);

/** Everything that may happen next, in an order that is a function of the world. */
export function possibleActions(world: World, options: ExplorationOptions): readonly Action[] {
  const actions: Action[] = [];
  const behind = world.realms.find(({ life, hasBacklog }) => life === "up" && hasBacklog);
  for (const realm of behind === undefined ? world.realms : [behind]) {
    deliveries(world, realm, actions);
    tidings(world, realm, options, actions);
  }
  // What takes long, a deadline or the end of a fault, outlasts what is under way; or it is early, and taken from the budget.
  const whenLate = actions.length === 0 ? "ordinary" : world.budget.early > 0 ? "early" : null;
  for (const realm of world.realms) {
    if (realm.life === "hung" && whenLate !== null) actions.push({ kind: whenLate, type: "recover", slot: realm.slot });
    if (realm.life === "up") deadlines(realm, whenLate, actions);
  }
  if (world.island !== 0 && whenLate !== null) actions.push({ kind: whenLate, type: "heal" });
  for (const realm of world.realms) acts(world, realm, actions);
  faults(world, actions);
  return actions;
}

/**
 * Whether a realm waits for what the platform says of the fence. Everything else that it takes in meanwhile only waits behind that, in the order in
 * which it came, so it may as well come afterwards: worlds that differ in what waits inside and what outside are one.
 */
function isWaiting({ state }: Realm): boolean {
  return state.queries.some(({ purpose }) => purpose === "inbox" || purpose === "doubt");
}

function deliveries({ realms, paths }: World, target: Realm, actions: Action[]): void {
  if (target.life !== "up" || isWaiting(target)) return;
  for (const source of realms) {
    for (const method of [0, 1] as const) {
      const path = pathIndex(realms.length, source.slot, target.slot, method);
      const message = paths[path]?.[0]?.message;
      if (message !== undefined) actions.push({ kind: "ordinary", type: "deliver", path, slot: target.slot, message });
    }
  }
}

/** What the platform tells a realm: of the fence, of the dead, of those who are heard again. */
function tidings(world: World, realm: Realm, options: ExplorationOptions, actions: Action[]): void {
  const { slot } = realm;
  if (realm.life === "opening") actions.push({ kind: "ordinary", type: "open", slot });
  if (realm.life !== "up") return;
  if (realm.fenceEvents.length > 0) actions.push({ kind: "ordinary", type: "fence-event", slot });
  // The platform answers in the order of the questions.
  const [answer] = realm.answers;
  if (answer !== undefined)
    for (const holder of answer.holders) actions.push({ kind: "ordinary", type: "fence-answer", slot, query: answer.query, holder });
  if (isWaiting(realm)) return;
  for (const peer of realm.state.monitored) {
    if (realm.told.includes(peer)) continue;
    const bearer = bearerOf(world.realms, peer);
    const isGone = bearer === undefined;
    if (!isGone && hears(world.island, slot, bearer.slot)) continue;
    // Without a census a death follows what the dead had said; see the port.
    if (isGone && !options.census && saidBy(world, peer, slot)) continue;
    actions.push({ kind: "ordinary", type: "down", slot, peer, isPresent: !isGone });
  }
  for (const peer of realm.heard) actions.push({ kind: "ordinary", type: "appeared", slot, peer });
}

/** Whether anything that a peer said to all is still on its way to a realm. */
function saidBy({ realms, paths }: World, peer: PeerId, slot: number): boolean {
  return realms.some(
    (source) => paths[pathIndex(realms.length, source.slot, slot, 0)]?.some(({ message }) => message.from === peer) === true,
  );
}

/**
 * The earliest deadline of a realm may pass at any time: clocks are not compared between realms. While messages or answers are under way
 * that is early, unless the realm has slept beyond it.
 */
function deadlines(realm: Realm, whenLate: "ordinary" | "early" | null, actions: Action[]): void {
  const dueMs = nextDeadline(realm.state);
  if (dueMs === null) return;
  const kind = dueMs < 0 ? "ordinary" : whenLate;
  if (kind !== null) actions.push({ kind, type: "timeout", slot: realm.slot, dueMs });
}

/** What users do. */
function acts({ realms, budget }: World, realm: Realm, actions: Action[]): void {
  const { life, slot, state } = realm;
  if (life === "unborn") actions.push({ kind: "act", type: "open", slot });
  if (life !== "up") return;
  if (budget.stops > 0) actions.push({ kind: "act", type: "stop", slot });
  if (isWaiting(realm)) return;
  const isLeading = state.phase.type === "leading";
  if (isLeading ? budget.broadcasts > 0 : budget.calls > 0) actions.push({ kind: "act", type: "call", slot });
  if (budget.handOvers === 0 || !isLeading || state.tenure?.handOver !== null) return;
  for (const other of realms)
    if (other.slot !== slot && state.members.get(other.state.self)?.role === "candidate")
      actions.push({ kind: "act", type: "step-down", slot, to: other.state.self });
}

function faults({ realms, paths, budget, island }: World, actions: Action[]): void {
  for (const { life, slot } of realms) {
    const isAlive = life === "up" || life === "hung" || life === "opening";
    if (budget.crashes > 0 && isAlive) actions.push({ kind: "fault", type: "crash", slot });
    if (budget.hangs > 0 && life === "up") actions.push({ kind: "fault", type: "hang", slot });
    if (budget.corpses > 0 && life === "up") actions.push({ kind: "fault", type: "corpse", slot });
    if (budget.restarts > 0 && life === "gone") actions.push({ kind: "fault", type: "restart", slot });
  }
  if (budget.losses > 0)
    for (const [path, [first]] of paths.entries())
      if (first !== undefined)
        actions.push({ kind: "fault", type: "lose", path, slot: Math.floor(path / 2) % realms.length, message: first.message });
  if (budget.partitions === 0 || island !== 0) return;
  const present = realms.filter(isPresent).reduce((mask, { slot }) => mask | (1 << slot), 0);
  // Either side names a cut: the one without the first realm does.
  for (let mask = 2; mask < 1 << realms.length; mask += 2)
    if ((mask & present) !== 0 && (~mask & present) !== 0 && (mask & ~present) === 0)
      actions.push({ kind: "fault", type: "partition", island: mask });
}

/** Who is meant by an action, for traces. */
export function actorOf(world: World, action: Action): string {
  return "slot" in action ? realmAt(world.realms, action.slot).state.self : "";
}

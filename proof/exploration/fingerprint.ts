/**
 * The fingerprint of a world: 64 bits, the same for worlds that differ in nothing but the numbers of their epochs, incarnations and
 * questions, as long as those are in the same order.
 *
 * Symmetry. Peers that start together are told apart by seniority and name from the moment they have an id, and every rule looks at
 * that order: two candidates can not be swapped. What is left is who of those who have not started comes to be the eldest; that
 * is folded by giving the ids out before the run. Workers are not swapped, as no configuration has two.
 *
 * @module
 */
import { incarnationOf, nameOf, type PeerId } from "gen-leader/protocol";
import type { ExplorationOptions } from "./options.js";
import { sketchOfRealm } from "./realm-sketch.js";
import { mixHigh, mixLow, type Sketch, sketchOf } from "./sketch.js";
import type { World } from "./world.js";

export interface Fingerprint {
  low: number;
  high: number;
}

/** Makes fingerprints; the result is good until the next one is made. */
export function createFingerprinter(options: ExplorationOptions): (world: World) => Fingerprint {
  const print: Fingerprint = { low: 0, high: 0 };
  const isRanked = options.wall === "moving";

  function add(word: number): void {
    print.low = mixLow(print.low, word);
    print.high = mixHigh(print.high, word);
  }

  function addSketch(world: World, sketch: Sketch, ranks: Ranks, owner: number): void {
    add(sketch.low);
    add(sketch.high);
    for (const epoch of sketch.epochs) add(isRanked ? ranks.epochs.indexOf(epoch) : epoch);
    for (const id of sketch.ids) add(codeOf(id, ranks.incarnations));
    for (const { owner: asker, nonce } of sketch.nonces) {
      const realm = asker === null ? world.realms[owner] : world.realms.find(({ state }) => state.self === asker);
      add(realm?.state.suspicion?.nonce === nonce ? 17 : 19);
    }
  }

  return (world) => {
    print.low = 0x9747b28c | 0;
    print.high = 0x1b56c4e9;
    const rest = sketchOf({ fence: world.fence, budget: world.budget, won: world.won });
    const ranks = ranksOf(world, rest);
    for (const realm of world.realms) addSketch(world, sketchOfRealm(realm), ranks, realm.slot);
    const count = world.realms.length;
    for (const [path, frames] of world.paths.entries()) {
      if (frames.length === 0) continue;
      add(0x70000 + path);
      for (const { sketch } of frames) addSketch(world, sketch, ranks, Math.floor(path / 2) % count);
    }
    addSketch(world, rest, ranks, -1);
    add(world.island);
    add(world.elections);
    print.low = finish(print.low) >>> 0;
    print.high = finish(print.high) >>> 0;
    return print;
  };
}

interface Ranks {
  readonly epochs: readonly number[];
  readonly incarnations: readonly number[];
}

/** Every epoch and every incarnation that anybody in a world can still speak of, in order. */
function ranksOf({ realms, paths }: World, rest: Sketch): Ranks {
  const epochs: number[] = [];
  const incarnations: number[] = [];
  const collect = (sketch: Sketch): void => {
    for (const epoch of sketch.epochs) if (!epochs.includes(epoch)) epochs.push(epoch);
    for (const id of sketch.ids) {
      const incarnation = incarnationOf(id);
      if (!incarnations.includes(incarnation)) incarnations.push(incarnation);
    }
  };
  for (const realm of realms) collect(sketchOfRealm(realm));
  for (const frames of paths) for (const { sketch } of frames) collect(sketch);
  collect(rest);
  return { epochs: epochs.sort(ascending), incarnations: incarnations.sort(ascending) };
}

function ascending(a: number, b: number): number {
  return a - b;
}

function codeOf(id: PeerId, incarnations: readonly number[]): number {
  let code = incarnations.indexOf(incarnationOf(id));
  const name = nameOf(id);
  for (let index = 0; index < name.length; index += 1) code = code * 131 + name.charCodeAt(index);
  return code;
}

function finish(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

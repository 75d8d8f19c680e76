import { d as MediumFactory, g as PeerId, o as Guarantees } from "./shared/ports.js";

//#region ../adapters/src/media/memory.d.ts
/** What peers share: those that were given media of one hub, and the same cluster, hear each other. */
interface MemoryHub {
  readonly medium: MediumFactory;
  /**
   * Ends a peer as the death of its realm would, in every cluster of this hub: its frames go nowhere, its
   * watchers hear `crashed`, the next in line gets the fence. The object lives on, and nothing reaches it.
   */
  crash(peer: PeerId): void;
}
/** What this medium promises. */
declare const memoryGuarantees: Guarantees;
/** A hub of its own: peers of two hubs never hear each other. */
declare function createMemoryHub(): MemoryHub;
/** A medium in memory over a hub of its own, or over the one given. */
declare function createMemoryMedium(hub?: MemoryHub): MediumFactory;
//#endregion
export { MemoryHub, createMemoryHub, createMemoryMedium, memoryGuarantees };
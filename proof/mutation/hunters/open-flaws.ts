/**
 * What the control found in the product and is not mended yet. Each takes something out of the hunt, so that the control is clean
 * and mutants can be told from it; whoever mends one deletes it here.
 *
 * @module
 */

/**
 * `own-suspension`: a candidate that hung through a whole tenure takes itself for one that the last leader counted on, robs the leader
 * of that tenure after `unresponsiveMs` instead of `abandonMs`, and leads without `mayHaveLost` (`isCountedOn` in known-peers.ts).
 *
 * `parted-names`: of two peers that took one name on two sides of a partition the one stays for ever that follows a leader which has
 * given way: it counts as taken in, so that it heeds no `name-taken`, and nobody welcomes it (`receiveNameTaken` in membership.ts).
 *
 * `short-gaps`: a peer that hung, but whose deadline is late by less than `suspectMs`, robs a leader that has answered it, on a platform
 * that runs timers before it reads frames, as Node does (`suspicionDue` in suspicion.ts looks at the deadline, not at the gap).
 */
export type Flaw = "own-suspension" | "parted-names" | "short-gaps";

export const openFlaws: ReadonlySet<Flaw> = new Set<Flaw>(["own-suspension", "parted-names", "short-gaps"]);

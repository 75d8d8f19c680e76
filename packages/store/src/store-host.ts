/**
 * What the behaviour of a store needs of the store around it.
 *
 * @module
 */
import type { From, PeerId, Token } from "gen-leader";
import type { Commit, Replica } from "./replica.js";
import type { Keeper } from "./storage/persistence.js";
import type { Answer, Notice } from "./store-types.js";

export interface StoreHost<S> {
  /** Readers are to see this from now on: these commits have made it of what they saw. */
  showCommits(replica: Replica<S>, commits: readonly Commit[]): void;
  /** Readers are to see this from now on: a leader's. `lost` is what they had seen and it does not have, as far as that is known; `null` if nothing was lost. */
  showTakenOver(replica: Replica<S>, lost: readonly Commit[] | null): void;
  /** Readers see all that the leader with this token has; `null` if what they see is old. */
  showInStep(token: Token | null): void;
  /** Tells a peer something, after everything that this peer has sent before; of several acknowledgements at once, the last. */
  send(to: PeerId, notice: Notice): void;
  /** Answers a call that was left open. */
  answer(from: From<Answer>, answer: Answer): void;
  /** What keeps the store as long as this peer leads; `null` if nothing does. */
  readonly keeper: Keeper<S> | null;
}

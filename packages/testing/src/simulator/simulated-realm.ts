/**
 * What a behaviour can have of the realm that it is simulated in.
 *
 * @module
 */
import type { Behaviour, BehaviourTypes } from "gen-leader";
import type { SimulatedStorage } from "./storage.js";

/** What a peer's realm has of the platform, beyond what the behaviour gets from gen-leader. */
export interface SimulatedRealm {
  /** The name of the peer that lives there. */
  readonly peer: string;
  /** The database that all peers of the simulation share. */
  readonly storage: SimulatedStorage;
}

/**
 * A behaviour, or what makes one in each realm: called once for every start of a peer. A run that fails is repeated, so what
 * is kept outside of that function is there from the run before.
 */
export type SimulatedBehaviour<T extends BehaviourTypes> = Behaviour<T> | ((realm: SimulatedRealm) => Behaviour<T>);

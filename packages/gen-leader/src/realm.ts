/**
 * The realm of this program: the names that run in this tab, worker or thread.
 *
 * @module
 */
import {
  type BehaviourTypes,
  createRealm,
  type Lead,
  type Realm,
  type Server,
  type SuperviseOptions,
  type Supervisor,
  supervise as superviseWith,
} from "@gen-leader/behaviour";
import type { MediumFactory } from "@gen-leader/protocol";
import { createDefaultMedium } from "#default-medium";

/** Chosen when the first server starts, so that importing this does nothing. */
let chosen: MediumFactory | null = null;

const defaultMedium: MediumFactory = (cluster) => {
  chosen ??= createDefaultMedium();
  return chosen(cluster);
};

const realm: Realm = createRealm(defaultMedium);

export const start: Realm["start"] = realm.start;
export const startLink: Realm["startLink"] = realm.startLink;
export const whereis: Realm["whereis"] = realm.whereis;

/**
 * Competes for leadership of `name`, and runs a function whenever this peer has it.
 *
 * @example
 * ```ts
 * const leadership = lead("sync-socket", ({ signal }) => {
 *   const socket = new WebSocket(url);
 *   return () => socket.close();
 * });
 * ```
 */
export const lead: Lead = realm.lead;

/** Starts a server and starts it again when it ends, within an intensity, as OTP's supervisor. */
export function supervise<T extends BehaviourTypes>(
  begin: () => Promise<Server<T>>,
  options: SuperviseOptions<T> = {},
): Promise<Supervisor<T>> {
  return superviseWith(begin, options, () => performance.now());
}
